import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import fc from 'fast-check'
import { verifyExport } from '../../src/audit/verify/verify.ts'
import { bob } from '../approval/given.ts'
import { verifyWithBoth } from './both-verifiers.ts'
import { openHistory, posted, tellHistory, voteOf, type History } from './history.ts'

let history: History
beforeAll(async () => {
  history = await openHistory()
})
afterAll(() => history.close())

test('no false alarm in 100,000 honest events of many writers at once', async () => {
  const ids = await history.makeApprovals(2_000)
  const facts = [posted, voteOf(bob), posted, posted, voteOf(bob)]
  let writing = true
  const sealing = (async () => {
    let checkpoints = 0
    while (writing) if ((await history.seal()).checkpoint !== null) checkpoints += 1
    return checkpoints
  })()
  const writer = async (nth: number) => {
    for (let round = 0; round < 10; round++)
      // Each approval is written by two writers, at about the same time.
      for (let at = Math.floor(nth / 2); at < ids.length; at += 8)
        if ((at + round) % 2 === nth % 2) await history.add(ids[at]!, ...facts)
  }
  await Promise.all([...Array.from({ length: 16 }, (_, nth) => writer(nth)), history.admin(17)])
  writing = false
  expect(await sealing).toBeGreaterThan(5)
  while ((await history.seal()).checkpoint !== null);
  const file = await history.exported()
  const { ours, second } = await verifyWithBoth(file)
  expect(ours).toMatchObject({ ok: true, events: 100_017, approvals: 2_000, unsealed: 0 })
  expect(second).toEqual(ours)
}, 180_000)

test('whatever is changed in an export, it is noticed', async () => {
  const small = await openHistory()
  try {
    await tellHistory(small)
    const lines = (await readFile(await small.exported(), 'utf8')).trimEnd().split('\n')
    const [header = '', ...rest] = lines
    const damage = fc.oneof(
      // A character of a line, but for those of the header, of which some are only for people.
      fc
        .tuple(fc.nat(rest.length - 1), fc.nat(), fc.integer({ min: 0x20, max: 0x7e }))
        .map(([which, where, code]) => {
          const line = rest[which]!
          const at = where % line.length
          return rest.with(which, line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1))
        }),
      fc.nat(rest.length - 1).map((which) => rest.toSpliced(which, 1)),
      fc.nat(rest.length - 1).map((which) => rest.toSpliced(which, 0, rest[which]!)),
      fc.tuple(fc.nat(rest.length - 1), fc.nat(rest.length - 1)).map(([a, b]) => {
        return rest.with(a, rest[b]!).with(b, rest[a]!)
      }),
      fc.nat(rest.length - 1).map((length) => rest.slice(0, length)),
    )
    await fc.assert(
      fc.asyncProperty(damage, async (damaged) => {
        fc.pre(damaged.join('\n') !== rest.join('\n'))
        const text = `${[header, ...damaged].join('\n')}\n`
        const chunks = (async function* () {
          yield Buffer.from(text)
        })()
        const verdict = await verifyExport(chunks, { key: null, witnessed: [] })
        // Only white space between the words of a line can be other without saying anything else.
        const says = JSON.stringify(damaged.map(parsed))
        expect({ ok: verdict.ok, same: says === JSON.stringify(rest.map(parsed)) }).toEqual({
          ok: verdict.ok,
          same: verdict.ok,
        })
      }),
      { numRuns: 1_500 },
    )
  } finally {
    await small.close()
  }
})

test('lines are read whole, however the bytes come', async () => {
  const small = await openHistory()
  try {
    await tellHistory(small)
    const file = await small.exported()
    for (const highWaterMark of [1, 7, 1_000, 1 << 20]) {
      const verdict = await verifyExport(createReadStream(file, { highWaterMark }), {
        key: null,
        witnessed: [],
      })
      expect(verdict).toMatchObject({ ok: true, events: 23 })
    }
  } finally {
    await small.close()
  }
})

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}
