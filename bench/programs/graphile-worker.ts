import { Logger, makeWorkerUtils, run, type AddJobsJobSpec } from 'graphile-worker'
import { answerEach, setting } from './said.ts'
import { didBench, type BenchPayload } from './did-bench.ts'

// graphile-worker, polling as often as pg-boss does beside it.

const { url } = setting as { url: string }
const logger = new Logger(() => () => undefined)
const utils = await makeWorkerUtils({ connectionString: url, logger })
await utils.migrate()
await run({
  connectionString: url,
  concurrency: 32,
  pollInterval: 500,
  noHandleSignals: true,
  logger,
  taskList: { bench: async (payload) => didBench(payload as BenchPayload) },
})
answerEach(async (message) => {
  const { jobs } = message as { jobs: BenchPayload[] }
  for (let from = 0; from < jobs.length; from += 5_000)
    await utils.addJobs(
      jobs.slice(from, from + 5_000).map((payload): AddJobsJobSpec => ({
        identifier: 'bench',
        payload,
        runAt: new Date(payload.due_at),
      })),
    )
  return { added: jobs.length }
})
