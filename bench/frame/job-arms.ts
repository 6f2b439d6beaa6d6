import type { Began, BenchPayload } from '../programs/did-bench.ts'
import type { DatabaseServer } from './database.ts'
import { query } from './database.ts'
import { startProgram, type Program } from './programs.ts'

/** One way to run jobs, in two processes on a database of its own. */
export type JobArm = {
  workers: Program[]
  add(jobs: BenchPayload[]): Promise<void>
  /** Called as each job begins, with the worker that began it. */
  onBegan(listener: (began: Began, worker: Program) => void): void
  /** Another worker in the place of one that is gone. */
  replace(worker: Program): Promise<void>
  end(): Promise<void>
}

export const jobPrograms = ['job-runner', 'pg-boss', 'graphile-worker'] as const
export type JobProgram = (typeof jobPrograms)[number]

export async function openJobArm(
  databases: DatabaseServer,
  program: JobProgram,
  database: string,
): Promise<JobArm> {
  const own = program === 'job-runner'
  const url = await (own ? databases.create(database) : databases.createEmpty(database))
  const listeners: ((began: Began, worker: Program) => void)[] = []
  const workers: Program[] = []
  const start = async () => {
    const worker = await startProgram(program, { url })
    worker.onSaid((message) => {
      if (isBegan(message)) for (const listener of listeners) listener(message, worker)
    })
    workers.push(worker)
  }
  await start()
  await start()
  return {
    workers,
    async add(jobs) {
      if (!own) await workers[0]?.ask({ jobs })
      else
        await query(
          url,
          `insert into job (kind, payload, due_at) select 'bench', j, (j->>'due_at')::timestamptz from json_array_elements($1::json) j`,
          [JSON.stringify(jobs)],
        )
      await query(url, 'analyze')
    },
    onBegan: (listener) => void listeners.push(listener),
    async replace(worker) {
      workers.splice(workers.indexOf(worker), 1)
      await start()
    },
    async end() {
      await Promise.all(workers.map((worker) => worker.end()))
    },
  }
}

function isBegan(message: unknown): message is Began {
  return typeof message === 'object' && message !== null && 'began' in message
}
