import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { eventLeaf } from '../../src/audit/log/leaf.ts'
import { isSignedBy, readNote, readVerifierKey, verifierKey } from '../../src/audit/log/note.ts'
import { sealPass } from '../../src/audit/log/seal.ts'
import { rootOver } from '../../src/audit/log/tree.ts'
import { createLog } from '../../src/platform/log.ts'
import { createSeal } from '../../src/platform/seal.ts'
import { newSigningKey } from '../../src/platform/signing-key.ts'
import { appendAdminEvents } from '../../src/store/chain.ts'
import { openDatabase, recording, type Database } from '../../src/store/database.ts'
import { listSigningKeys, rotateSigningKey } from '../../src/store/signing-keys.ts'
import { createDatabase } from '../setup/database.ts'
import { movedClock, type MovedClock } from '../setup/moved-clock.ts'

const seal = createSeal(Buffer.alloc(32, 7))
let made: Awaited<ReturnType<typeof createDatabase>>
let database: Database
let clock: MovedClock
beforeEach(async () => {
  made = await createDatabase()
  database = openDatabase(made.url, createLog('silent'))
  clock = movedClock()
})
afterEach(async () => {
  await database.close()
  await made.drop()
})

const pass = () => sealPass({ database, clock, seal })
const rows = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
  (await database.pool.query<Row>(text, values)).rows

async function admin(count: number) {
  const events = Array.from({ length: count }, (_, nth) => ({
    type: 'agent.added',
    person: null,
    body: `{"n":${nth}}`,
  }))
  await recording(database, (client) => appendAdminEvents(client, clock.now(), events))
}

/** Events of an approval as another program would write them, so that a test can hold the commit back. */
async function writer(approval_id: string) {
  const client = new pg.Client({ connectionString: made.url })
  await client.connect()
  return {
    async write() {
      await client.query('begin')
      const { rows: found } = await client.query(
        'select events, head from approval where id = $1 for update',
        [approval_id],
      )
      const { events, head } = found[0] as { events: number; head: Buffer }
      const { rows: added } = await client.query<{ hash: Buffer }>(
        `insert into event (approval_id, seq, type, at, body, hash)
         values ($1, $2, 'card.updated', now(), $3, sha256('\\x02'::bytea || $4 || convert_to($3, 'UTF8'))) returning hash`,
        [approval_id, events + 1, `{"of":"${approval_id}","seq":${events + 1}}`, head],
      )
      await client.query('update approval set events = events + 1, head = $2 where id = $1', [
        approval_id,
        added[0]!.hash,
      ])
    },
    end: (how: 'commit' | 'rollback') => client.query(how),
    close: () => client.end(),
  }
}

async function makeApprovals(count: number): Promise<string[]> {
  await database.pool.query(
    `insert into approval (id, agent_id, agent_name, agent_owner, status, revision, created_at, expires_at, tool, request, plan,
       stages, escalation, events, head)
     select 'apr_' || n, 'agt_1', 'bot', 'U_DAVE', 'pending', 1, now(), now(), 'deploy', '{}', '{}', '[]', '{}', 0,
       decode(repeat('00', 32), 'hex') from generate_series(1, $1) n`,
    [count],
  )
  return Array.from({ length: count }, (_, nth) => `apr_${nth + 1}`)
}

/** The ids of the sealed events, in the order of the log; and the log's tree is the one of their leaves. */
async function expectSealed(): Promise<number[]> {
  const tiles = await rows<{ hashes: Buffer; events: string[] }>(
    'select hashes, events from log_tile where level = 0 order by index',
  )
  const ids = tiles.flatMap(({ events }) => events.map(Number))
  const events = await rows<{ id: string; approval_id: string | null; seq: number; hash: Buffer }>(
    'select e.id, e.approval_id, e.seq, e.hash from unnest($1::bigint[]) with ordinality as s (id, nth) join event e using (id) order by s.nth',
    [ids],
  )
  const leaves = events.map((event) =>
    eventLeaf({ ...event, id: Number(event.id), hash: event.hash.toString('hex') }),
  )
  expect(Buffer.concat(tiles.map(({ hashes }) => hashes))).toEqual(Buffer.concat(leaves))
  const [newest] = await rows<{ note: string; size: string }>(
    'select note, size from checkpoint order by size desc limit 1',
  )
  const note = readNote(newest?.note ?? '')
  expect(note).toMatchObject({ size: ids.length })
  expect(note?.root).toEqual(rootOver(leaves))
  // Of each chain, in its order.
  const chains = Map.groupBy(events, ({ approval_id }) => approval_id)
  for (const chain of chains.values())
    expect(chain.map(({ seq }) => seq)).toEqual(chain.map(({ seq }) => seq).toSorted((a, b) => a - b))
  return ids
}

test('a pass seals what is there and signs it; another finds nothing', async () => {
  await admin(300)
  expect(await pass()).toMatchObject({ sealed: 300, more: false })
  expect(await expectSealed()).toHaveLength(300)
  expect(await pass()).toMatchObject({ sealed: 0, checkpoint: null })
  await admin(1)
  expect(await pass()).toMatchObject({ sealed: 1 })
  expect(await expectSealed()).toHaveLength(301)
  const [key] = await listSigningKeys(database, 'checkpoint')
  for (const { note } of await rows<{ note: string }>('select note from checkpoint')) {
    const read = readNote(note)!
    expect(isSignedBy(read, { name: read.origin, public: key!.public })).toBe(true)
    expect(readVerifierKey(verifierKey({ name: read.origin, public: key!.public }))).toEqual({
      name: read.origin,
      public: key!.public,
    })
    const other = newSigningKey(seal)
    expect(isSignedBy(read, { name: read.origin, public: other.public })).toBe(false)
    // Of all ways to write the same bytes in base 64 one is right, as the other verifier has it.
    const otherwise = readNote(note.replace(/=\n$/, '=/n'))!
    expect(isSignedBy(otherwise, { name: read.origin, public: key!.public })).toBe(false)
  }
})

test('an event that is committed late is sealed late, and one that never is holds up nobody', async () => {
  const [first = '', second = ''] = await makeApprovals(2)
  const [late, never] = [await writer(first), await writer(second)]
  await late.write()
  await never.write()
  await admin(2)
  expect(await pass()).toMatchObject({ sealed: 2 })
  await never.end('rollback')
  await late.end('commit')
  expect(await pass()).toMatchObject({ sealed: 1 })
  expect(await expectSealed()).toHaveLength(3)
  clock.move(60_000)
  await pass()
  expect(await rows('select skipped from log')).toEqual([{ skipped: [] }])
  await late.close()
  await never.close()
})

test('with many writers and sealers at once, every event is sealed once', async () => {
  const ids = await makeApprovals(12)
  let writing = true
  const write = async (id: string, nth: number) => {
    const one = await writer(id)
    for (let round = 0; round < 25; round++) {
      await one.write()
      if (round % 5 === nth % 5) await pause(Math.random() * 20)
      await one.end(round % 7 === 3 ? 'rollback' : 'commit')
    }
    await one.close()
  }
  const keepSealing = async () => {
    while (writing) await pass()
  }
  const sealers = [keepSealing(), keepSealing()]
  await Promise.all(
    ids.flatMap((id, nth) => [write(id, nth), write(id, nth + 1)]).concat(admin(40), admin(40)),
  )
  writing = false
  await Promise.all(sealers)
  await pass()
  const sealed = await expectSealed()
  const [{ count } = { count: 0 }] = await rows<{ count: number }>('select count(*)::int as count from event')
  expect(new Set(sealed).size).toBe(count)
  expect(sealed).toHaveLength(count)
})

test('the checkpoint that tells of a new key is signed by both keys, the next by the new one alone', async () => {
  await admin(1)
  await pass()
  const [old] = await listSigningKeys(database, 'checkpoint')
  const pair = newSigningKey(seal)
  await rotateSigningKey(database, { purpose: 'checkpoint', at_once: false }, clock.now, (old_kid) => ({
    ...pair,
    event: { type: 'key.rotated', person: null, body: JSON.stringify({ data: { old_kid } }) },
  }))
  const both = readNote((await pass()).checkpoint!)!
  await admin(1)
  const after = readNote((await pass()).checkpoint!)!
  const signed = (note: typeof both) =>
    [old!, pair].map((key) => isSignedBy(note, { name: note.origin, public: key.public }))
  expect(signed(both)).toEqual([true, true])
  expect(signed(after)).toEqual([false, true])
})

test('the database itself refuses to take back what was sealed and said', async () => {
  await admin(3)
  await pass()
  await expect(database.pool.query('update checkpoint set note = $1', ['x'])).rejects.toThrow('append-only')
  await expect(database.pool.query('delete from checkpoint')).rejects.toThrow('append-only')
  await expect(database.pool.query('delete from log_tile')).rejects.toThrow('only grow')
  await expect(database.pool.query(`update log_tile set hashes = sha256('x')`)).rejects.toThrow('only grow')
  await expect(database.pool.query(`update log_tile set events = '{1}'`)).rejects.toThrow('only grow')
})
