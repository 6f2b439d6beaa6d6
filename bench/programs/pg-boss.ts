import { PgBoss } from 'pg-boss'
import { answerEach, setting } from './said.ts'
import { didBench, type BenchPayload } from './did-bench.ts'

// pg-boss with the shortest poll that it takes. `heartbeatSeconds` is its quickest way to notice a worker's death.

const { url } = setting as { url: string }
const boss = new PgBoss(url)
boss.on('error', () => undefined)
await boss.start()
await boss.createQueue('bench', { heartbeatSeconds: 10, retryLimit: 5 })
await boss.work<BenchPayload>('bench', { pollingIntervalSeconds: 0.5, batchSize: 100 }, async (jobs) => {
  await Promise.all(jobs.map((job) => didBench(job.data)))
})
answerEach(async (message) => {
  const { jobs } = message as { jobs: BenchPayload[] }
  for (let from = 0; from < jobs.length; from += 5_000)
    await boss.insert(
      'bench',
      jobs.slice(from, from + 5_000).map((data) => ({ data, startAfter: data.due_at })),
    )
  return { added: jobs.length }
})
