import { randomInt } from 'node:crypto'
import type { Duty, Handler } from '../../src/jobs/duty.ts'
import { createRunner, type Runner } from '../../src/jobs/runner.ts'
import { createLog } from '../../src/platform/log.ts'
import { createSignal, type Signal } from '../../src/platform/signal.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { claimJobs, type HeldJob } from '../../src/store/jobs.ts'
import { listen, type Listener } from '../../src/store/listen.ts'
import { createDatabase } from '../setup/database.ts'
import { movedClock, type MovedClock } from '../setup/moved-clock.ts'

export type JobRow = {
  id: string
  due_at: Date
  failures: number
  holder: number | null
  last_error: string | null
  dead_at: Date | null
}

/** A database with jobs in it, and whoever works on them. */
export type JobTable = {
  database: Database
  clock: MovedClock
  /** Writes a job that is due `in_ms` from now, and tells its number. */
  add(job?: { kind?: string; lane?: string; in_ms?: number }): Promise<string>
  rows(): Promise<JobRow[]>
  /** What a holder gets that asks for at most `free` jobs of a kind. */
  claim(holder: number, free?: number, kind?: string): Promise<HeldJob[]>
  /** A process that lives, and does nothing. */
  living(holder: number): Promise<Listener>
  /** A runner of a process that lives. Its handler is told the job's number. */
  runner(run: Handler, limits?: Partial<Duty>): Promise<Runner & { holder: number; work: Signal }>
  close(): Promise<void>
}

const log = createLog('silent')
const leaseMs = 60_000

export async function openJobTable(): Promise<JobTable> {
  const { url, drop } = await createDatabase()
  const database = openDatabase(url, log)
  const clock = movedClock()
  const later = (ms: number) => new Date(clock.now().getTime() + ms)
  const closing: (() => Promise<void>)[] = []
  const table: JobTable = {
    database,
    clock,
    async add({ kind = 'work', lane, in_ms = 0 } = {}) {
      const text = `with next as (select nextval(pg_get_serial_sequence('job', 'id')) as id)
        insert into job (id, kind, lane, due_at, payload) select id, $1, $2, $3, json_build_object('id', id::text) from next
        returning id::text`
      const values = [kind, lane ?? null, later(in_ms)]
      const { rows } = await database.pool.query<{ id: string }>(text, values)
      return rows[0]!.id
    },
    async rows() {
      const text = 'select id::text, due_at, failures, holder, last_error, dead_at from job order by id'
      return (await database.pool.query<JobRow>(text)).rows
    },
    async claim(holder, free = 10, kind = 'work') {
      const by = { holder, now: clock.now(), lease_until: later(leaseMs), room: [{ kind, free }] }
      return (await claimJobs(database, by)).jobs
    },
    async living(holder) {
      const listener = await listen(url, holder, clock, log, () => undefined)
      closing.unshift(() => listener.close())
      return listener
    },
    async runner(run, limits = {}) {
      const holder = randomInt(1, 2 ** 31 - 1)
      const work = createSignal()
      await table.living(holder)
      const duties = { work: { run, slots: 4, longest_wait_ms: 3_600_000, ...limits } }
      const runner = createRunner({ database, clock, log, work, holder, duties })
      closing.unshift(() => runner.stop())
      return { ...runner, holder, work }
    },
    async close() {
      for (const close of closing) await close()
      await database.close()
      await drop()
    },
  }
  return table
}
