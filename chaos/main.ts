import { isGood, report } from './report.ts'
import { run } from './run.ts'
import { readSize, type Size } from './size.ts'

// npm run chaos -- [--seed 1] [--approvals 20000] [--kills 200] [--minutes 15] [--rates off|slack]

const say = (line: string) => void process.stdout.write(`${line}\n`)
const stop = new AbortController()
// Once is enough: everything is being stopped, in order, and that is bounded in time.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())

const size = sizeOrUsage()
say(`seed ${size.seed}: ${size.approvals} approvals and ${size.kills} kills in ${size.minutes} minutes`)
try {
  const ran = await run(size, say, stop.signal)
  say(report(ran, size))
  process.exitCode = isGood(ran) ? 0 : 1
} catch (error) {
  if (!stop.signal.aborted) throw error
  say('stopped before its end')
  process.exitCode = 130
}

function sizeOrUsage(): Size {
  try {
    return readSize(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  }
}
