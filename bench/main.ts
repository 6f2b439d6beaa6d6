import type { Benchmark } from './frame/benchmark.ts'
import { openBench } from './frame/bench.ts'
import { inMarkdown, keep } from './frame/report.ts'
import { audit } from './audit.ts'
import { callbacks } from './callbacks.ts'
import { clicks } from './clicks.ts'
import { history } from './history.ts'
import { idle } from './idle.ts'
import { intake } from './intake.ts'
import { metrics } from './metrics.ts'
import { policy } from './policy.ts'
import { takeover } from './takeover.ts'
import { timers } from './timers.ts'

// npm run bench             runs all of them, some seven minutes, and keeps the tables in docs/performance.md
// npm run bench -- NAME…    runs these only

const all: Benchmark[] = [intake, policy, history, timers, takeover, callbacks, clicks, audit, metrics, idle]
const names = process.argv.slice(2)
const unknown = names.filter((name) => !all.some((benchmark) => benchmark.name === name))

if (unknown.length > 0) {
  process.stderr.write(
    `unknown: ${unknown.join(', ')}. There are ${all.map(({ name }) => name).join(', ')}.\n`,
  )
  process.exitCode = 1
} else {
  const bench = await openBench()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void bench.close().finally(() => process.exit(1)))
  const tables = new Map<string, string>()
  try {
    for (const { name, run } of all.filter((one) => names.length === 0 || names.includes(one.name))) {
      process.stderr.write(`${name}\n`)
      const table = inMarkdown(name, await run(bench), new Date())
      process.stdout.write(`${table}\n\n`)
      tables.set(name, table)
    }
  } finally {
    await bench.close()
    // What was measured before another one failed is worth keeping.
    await keep(tables)
  }
}
