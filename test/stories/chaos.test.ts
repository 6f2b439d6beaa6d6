import { expect, test } from '@jest/globals'
import { report } from '../../chaos/report.ts'
import { run } from '../../chaos/run.ts'
import type { Size } from '../../chaos/size.ts'

// The short part of the chaos suite (docs/reliability.md): real processes, a durable PostgreSQL, the machine's own time.

test('while replicas are killed and connections cut, nothing is lost and nothing is decided twice', async () => {
  // Given two replicas, and agents and people who use them
  const size: Size = {
    seed: 7,
    approvals: 60,
    kills: 3,
    minutes: 0.1,
    rates: 'off',
    replicas: 2,
    agents: 1,
    tempo: 0.1,
  }
  // When each kind of trouble comes once
  const ran = await run(size, () => undefined, new AbortController().signal)
  // Then the ledger finds every promise kept
  const broken = ran.verdict.promises.filter(({ breaches }) => breaches.length > 0)
  if (broken.length > 0 || ran.verdict.faults.length > 0) throw new Error(report(ran, size))
  expect(ran.verdict.promises.every(({ checked }) => checked === size.approvals)).toBe(true)
  expect(ran.ledger.counts['kills']).toBe(size.kills)
}, 90_000)
