import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { open } from '../../src/approval/open.ts'
import { consequencesOf } from '../../src/flow/record.ts'
import { createLog } from '../../src/platform/log.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import type { OpenResult } from '../../src/store/open-approval.ts'
import { addPolicyVersion } from '../../src/store/policy-versions.ts'
import { agent, planOf, requestOf, start } from '../approval/given.ts'
import { createDatabase } from '../setup/database.ts'
import { openDecided } from './open-decided.ts'

// What is asked for at the same time shares one statement and one commit. Nobody may notice but by the speed.

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const made = await createDatabase()
  database = openDatabase(made.url, createLog('silent'))
  drop = made.drop
  await savePolicy(1)
})
afterAll(async () => {
  await database.close()
  await drop()
})

/** No role of this policy has a channel. */
const channels = { role: () => null }

function savePolicy(version: number) {
  const row = {
    version,
    document: '{}',
    author: 'operator',
    note: null,
    confirmed_by: null,
    created_at: start,
  }
  return addPolicyVersion(database, row, { type: 'policy.saved', person: null, body: '{}' })
}

function ask(id: string, policy_version: number, key: string | null = null): Promise<OpenResult> {
  const { next, facts, effects } = open(
    id,
    agent,
    requestOf(),
    planOf({ policy_version }),
    { faults: [], history: {} },
    start,
  )
  const idempotency = key === null ? null : { key, body_hash: 'of the body' }
  const consequences = consequencesOf(channels, next, facts, effects, 1, start)
  return openDecided(database, policy_version, { approval: next, consequences }, idempotency)
}

async function count(text: string, id: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(`select count(*)::int as count ${text}`, [id])
  return rows[0]?.count ?? 0
}

async function expectWritten(id: string, written: boolean) {
  expect(await count('from approval where id = $1', id)).toBe(written ? 1 : 0)
  expect(await count('from event where approval_id = $1 and seq = 1', id)).toBe(written ? 1 : 0)
  expect((await count(`from job where payload->>'approval_id' = $1`, id)) > 0).toBe(written)
}

test('of many at once, each gets its own answer, and one idempotency key is taken once', async () => {
  const keys = ['a', 'b', 'a', null, 'a', null, 'c']
  const answers = await Promise.all(keys.map((key, nth) => ask(`apr_many_${nth}`, 1, key)))

  expect(answers.filter((answer) => answer === 'key_taken')).toHaveLength(2)
  expect(keys.filter((key, nth) => key === 'a' && answers[nth] === 'opened')).toHaveLength(1)
  for (const [nth, answer] of answers.entries()) await expectWritten(`apr_many_${nth}`, answer === 'opened')
})

test('who was judged by a policy that is not the newest any more is told, and the others are opened', async () => {
  await savePolicy(2)
  const answers = await Promise.all([2, 1, 2, 1, 2].map((version, nth) => ask(`apr_policy_${nth}`, version)))

  expect(answers).toEqual(['opened', 'desk_changed', 'opened', 'desk_changed', 'opened'])
  for (const [nth, answer] of answers.entries()) await expectWritten(`apr_policy_${nth}`, answer === 'opened')
})

test('one that cannot be written takes no others down with it', async () => {
  await ask('apr_there_already', 2)
  // The first is under way alone; the rest are put together while it is.
  const ids = ['apr_beside_1', 'apr_beside_2', 'apr_there_already', 'apr_beside_3']
  const answers = await Promise.allSettled(ids.map((id) => ask(id, 2)))

  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  for (const id of ids) await expectWritten(id, true)
})

test('the jobs of one lane are numbered in the order in which they were given', async () => {
  const ids = Array.from({ length: 30 }, (_, nth) => `apr_order_${nth}`)
  const lanes = ids.map((id) => `lane of ${id}`)
  await Promise.all(
    ids.map((id, nth) => {
      const { next, facts } = open(
        id,
        agent,
        requestOf(),
        planOf({ policy_version: 2 }),
        { faults: [], history: {} },
        start,
      )
      const jobs = ['first', 'second', 'third'].map((kind) => ({
        kind,
        payload: {},
        lane: lanes[nth] ?? null,
        due_at: start,
      }))
      const consequences = { ...consequencesOf(channels, next, facts, [], 1, start), jobs }
      return openDecided(database, 2, { approval: next, consequences })
    }),
  )
  const text = `select array_agg(kind order by id) as kinds from job where lane = any($1) group by lane`
  const { rows } = await database.pool.query<{ kinds: string[] }>(text, [lanes])
  expect(rows).toHaveLength(30)
  for (const { kinds } of rows) expect(kinds).toEqual(['first', 'second', 'third'])
})
