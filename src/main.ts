import { startApp } from './app.ts'
import { welcome } from './welcome.ts'
import { readConfig } from './platform/config.ts'
import { createLog } from './platform/log.ts'
import { StartRefused } from './platform/start-refused.ts'

const read = readConfig()
if ('faults' in read) refuse(read.faults)
const { config } = read
// The sandbox is for people who look at the terminal: there, only what they should act upon is logged.
const log = createLog(config.slack || process.env.LOG_LEVEL ? config.log_level : 'warn')

try {
  const app = await startApp(config, log)
  if (app.sandbox) console.log(await welcome(app))
  else log.info({ url: app.url }, 'ready')
  const stop = once(() => app.stop())
  // A Ctrl-C may come twice, from the terminal and from npm: a stop is bounded in time and needs no hurrying.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the stop failed')
          process.exit(1)
        },
      )
    })
} catch (error) {
  if (error instanceof StartRefused) refuse(error.faults)
  log.fatal({ err: error }, 'the start failed')
  process.exit(1)
}

function refuse(faults: string[]): never {
  for (const fault of faults) console.error(`countersign: ${fault}`)
  process.exit(1)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}
