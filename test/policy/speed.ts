// Prints what evaluating 1,000 rules costs: `node test/policy/speed.ts`. Not a test: times depend on the machine.
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const count = 1_000
const now = new Date('2026-11-22T12:00:00Z')

const kinds: Record<string, (i: number) => string> = {
  'each rule names its tool': (i) => `action.tool == "tool${i}.run" && action.arguments.amount > ${i}.0`,
  'half of them by a prefix or by risk': (i) =>
    [
      `action.tool == "tool${i}.run" && action.arguments.amount > ${i}.0`,
      `action.tool == "sql.run${i}" && action.arguments.query.matches("(?i)drop table t${i}")`,
      `action.tool.startsWith("read${i}.")`,
      `environment == "production" && risk in ["high", "critical"] && agent.name == "bot${i}"`,
    ][i % 4] ?? 'true',
  'all by a comparison of the amount': (i) => `action.arguments.amount > ${i + 1_000}.0`,
  'all by a pattern over 60 characters': (i) =>
    `action.arguments.query.matches("(?i)drop\\\\s+table\\\\s+t${i}\\\\b")`,
}

for (const [kind, when] of Object.entries(kinds)) {
  const rules = Array.from({ length: count }, (_, i) => `  - {name: r${i}, effect: deny, when: '${when(i)}'}`)
  const text = `admins: [U_ALICE]\ndefaults: {effect: deny}\nrules:\n${rules.join('\n')}\n`
  const begun = performance.now()
  const parsed = parsePolicy(text)
  const saved = performance.now() - begun
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults[0]))
  const request = requestOf({
    tool: 'stripe.refund',
    arguments: { amount: 240, query: 'select * from orders where id = 4 and customer like $1 -- ok' },
  })
  const times: number[] = []
  for (let i = 0; i < 2_500; i++) {
    const start = performance.now()
    evaluate(parsed.compiled, request, now)
    if (i >= 500) times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(3)
  process.stdout.write(`${kind}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; saving took ${saved.toFixed(0)} ms\n`)
}
