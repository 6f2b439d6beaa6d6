import { setTimeout as pause } from 'node:timers/promises'
import { startApp } from './app.ts'
import { welcome } from './welcome.ts'
import { readConfig } from './platform/config.ts'
import { openLog } from './quiet-log.ts'
import { StartRefused } from './platform/start-refused.ts'

/** A stop takes less than this by itself; a start that is stopped half-way may hang for longer. */
const longestStopMs = 10_000

const read = readConfig()
if ('faults' in read) refuse(read.faults)
const { config } = read
// The sandbox is for people who look at the terminal: there, only what they should act upon is logged.
const log = openLog(config.log_level ?? (config.slack ? 'info' : 'warn'))

const signalled = new AbortController()
const starting = startApp(config, log, undefined, signalled.signal)
// A Ctrl-C may come twice, from the terminal and from npm: a stop is bounded in time and needs no hurrying.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => signalled.abort())
signalled.signal.addEventListener('abort', () => void end())

try {
  const app = await starting
  const words = app.sandbox ? await welcome(app) : null
  if (signalled.signal.aborted) log.info('stopped while it started')
  else if (words === null) log.info({ url: app.url }, 'ready')
  else console.log(words)
} catch (error) {
  // What fails because it is being stopped is no news.
  if (!signalled.signal.aborted) await fail(error)
}

async function fail(error: unknown): Promise<never> {
  await stop()
  if (error instanceof StartRefused) refuse(error.faults)
  log.fatal({ err: error }, 'the start failed')
  process.exit(1)
}

async function end(): Promise<void> {
  try {
    await Promise.race([stop(), pause(longestStopMs)])
    process.exit(0)
  } catch (error) {
    log.error({ err: error }, 'the stop failed')
    process.exit(1)
  }
}

/** Stops what was started, once the start is through: left half-way, an embedded database would go on running. */
async function stop(): Promise<void> {
  const app = await starting.catch(() => null)
  await app?.stop()
}

function refuse(faults: string[]): never {
  for (const fault of faults) console.error(`countersign: ${fault}`)
  process.exit(1)
}
