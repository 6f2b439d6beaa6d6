import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { eventLeaf } from '../../src/audit/log/leaf.ts'
import { readNote, signCheckpoint, verifierKey, type Verifier } from '../../src/audit/log/note.ts'
import { GrowingTree } from '../../src/audit/log/tree.ts'
import { link } from '../../src/platform/chain.ts'
import { createSeal } from '../../src/platform/seal.ts'
import { newSigningKey, openPrivate } from '../../src/platform/signing-key.ts'
import { newestCheckpoint } from '../../src/store/log-reading.ts'
import { listSigningKeys } from '../../src/store/signing-keys.ts'
import { dora, mallory } from '../approval/given.ts'
import { createDatabase } from '../setup/database.ts'
import { verifyWithBoth, type Typed } from './both-verifiers.ts'
import { key, openHistory, posted, tellHistory, voteOf, type History } from './history.ts'

// Somebody has every right on the database, and lies. Each lie is to be named by both verifiers, with the event that it is about.
// The history has 23 events, with the ids 1 to 23, in the order of the log: in lines 2 to 7 (the first votes' cards and two admins' acts),
// 9 to 12 (Bob's votes), 14 to 18 (Dora's, and an admin's act), 20 to 27; and a checkpoint after each of these.

let history: History
beforeEach(async () => {
  history = await openHistory()
  await tellHistory(history)
})
afterEach(() => history.close())

type Named = { line: number | null; event_id: number | null; approval_id: string | null; what: RegExp }

/** Both verifiers name the same, and so the file that they were given does not matter. */
async function expectNamed(file: string, named: Named, typed: Typed = {}) {
  const { ours, second } = await verifyWithBoth(file, typed)
  const expected = { ok: false, ...named, what: expect.stringMatching(named.what) }
  expect({ ours, second }).toEqual({ ours: expected, second: expected })
}

async function expectGood(file: string, typed: Typed = {}) {
  const { ours, second } = await verifyWithBoth(file, typed)
  expect(ours).toMatchObject({ ok: true })
  expect(second).toEqual(ours)
  return ours
}

async function checkpoint(of = history): Promise<string> {
  return (await newestCheckpoint(of.database))!.note
}

async function trustedKey(): Promise<string> {
  const [oldest] = (await listSigningKeys(history.database, 'checkpoint')).toReversed()
  return verifierKey(await named(oldest!))
}

async function named({ public: x }: { public: string }): Promise<Verifier> {
  return { name: readNote(await checkpoint())!.origin, public: x }
}

type Row = { id: string; approval_id: string | null; seq: number; body: string; hash: Buffer }

/** Makes a chain agree with its bodies again, as whoever knows the rules can. */
async function rechain(approval_id: string) {
  let head: Uint8Array = new Uint8Array(32)
  for (const { id, body } of await history.ask<Row>(
    'select id, body from event where approval_id = $1 order by seq',
    [approval_id],
  )) {
    head = link(head, body)
    await history.tamper('update event set hash = $2 where id = $1', [id, head])
  }
  await history.tamper('update approval set head = $2 where id = $1', [approval_id, head])
}

/** Makes the log's leaves agree with the events again. */
async function releaf(): Promise<GrowingTree> {
  const rows = await history.ask<Row>(
    `select e.* from log_tile t cross join unnest(t.events) with ordinality s (id, nth) join event e on e.id = s.id
     where t.level = 0 order by s.nth`,
  )
  const leaves = rows.map((row) => eventLeaf({ ...row, id: Number(row.id), hash: row.hash.toString('hex') }))
  await history.tamper('update log_tile set hashes = $1 where level = 0', [Buffer.concat(leaves)])
  const tree = new GrowingTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree
}

/** Signs every checkpoint anew, over the tree as it is now. */
async function resign(signer: Parameters<typeof signCheckpoint>[1][number]) {
  const tiles = await history.ask<{ hashes: Buffer }>('select hashes from log_tile where level = 0')
  for (const { size } of await history.ask<{ size: string }>('select size from checkpoint')) {
    const tree = new GrowingTree()
    for (let nth = 0; nth < Number(size); nth++) tree.add(tiles[0]!.hashes.subarray(32 * nth, 32 * nth + 32))
    const note = signCheckpoint({ origin: signer.name, size: Number(size), root: tree.root() }, [signer])
    await history.tamper('update checkpoint set note = $2 where size = $1', [size, note])
  }
}

test('an honest history is good, held against nothing, its key, and each of its checkpoints', async () => {
  const file = await history.exported()
  expect(await expectGood(file)).toMatchObject({
    events: 23,
    approvals: 4,
    checkpoints: 4,
    unsealed: 0,
    from: 0,
    to: 23,
  })
  await expectGood(file, { key: await trustedKey() })
  const notes = await history.ask<{ note: string }>('select note from checkpoint')
  const all = notes.map(({ note }) => note).join('\n')
  expect(await expectGood(file, { checkpoint: all })).toMatchObject({
    witnessed: [6, 10, 15, 23],
    unreached: 0,
  })
  const header = Buffer.from(await checkpoint()).toString('base64')
  expect(await expectGood(file, { checkpoint: `countersign-checkpoint: ${header}\n` })).toMatchObject({
    witnessed: [23],
  })
})

describe('ten ways of tampering', () => {
  test('1: an event is changed', async () => {
    await history.tamper(`update event set body = replace(body, 'U_DORA', 'U_BOB') where id = 12`)
    await expectNamed(await history.exported(), {
      line: 15,
      event_id: 12,
      approval_id: 'apr_2',
      what: /one of them was changed/,
    })
  })

  test('2: an event is deleted', async () => {
    await history.tamper('delete from event where id = 9')
    await expectNamed(await history.exported(), {
      line: 11,
      event_id: 9,
      approval_id: null,
      what: /is gone from the database/,
    })
  })

  test('3: an event is inserted', async () => {
    await history.tamper(`update event set seq = -seq where approval_id = 'apr_3' and seq >= 3`)
    await history.tamper(`update event set seq = 1 - seq where approval_id = 'apr_3' and seq < 0`)
    await history.tamper(
      `insert into event (approval_id, seq, type, at, body, hash)
       select approval_id, 3, type, at, replace(body, '"seq":2', '"seq":3'), hash from event where approval_id = 'apr_3' and seq = 2`,
    )
    await expectNamed(await history.exported(), {
      line: 16,
      event_id: 13,
      approval_id: 'apr_3',
      what: /its body is that of another event/,
    })
  })

  test('4: two events of a chain change places', async () => {
    await history.tamper(
      `update event e set body = o.body from event o where e.approval_id = 'apr_4' and o.approval_id = 'apr_4'
         and (e.seq, o.seq) in ((2, 3), (3, 2))`,
    )
    await expectNamed(await history.exported(), {
      line: 12,
      event_id: 10,
      approval_id: 'apr_4',
      what: /its body is that of another event/,
    })
  })

  test('5: events of two approvals are swapped', async () => {
    await history.tamper(
      `update event e set body = o.body, hash = o.hash from event o where e.seq = 2 and o.seq = 2
         and (e.approval_id, o.approval_id) in (('apr_1', 'apr_3'), ('apr_3', 'apr_1'))`,
    )
    await expectNamed(await history.exported(), {
      line: 9,
      event_id: 7,
      approval_id: 'apr_1',
      what: /its body is that of another event/,
    })
  })

  test('6: the tail is cut off, with all that speaks of it', async () => {
    const witnessed = await checkpoint()
    await history.tamper('delete from event where id > 15')
    await history.tamper('update log_tile set hashes = substring(hashes for 15 * 32), events = events[1:15]')
    await history.tamper('delete from checkpoint where size > 15')
    await history.tamper('update log set size = 15, event_id = 15')
    await history.tamper('update approval set events = 3')
    const file = await history.exported()
    // By itself it is a good log: what was cut off is known elsewhere only.
    await expectGood(file)
    await expectNamed(
      file,
      {
        line: null,
        event_id: null,
        approval_id: null,
        what: /size 23 was witnessed, and the log has 15 events: its end was cut off/,
      },
      { checkpoint: witnessed },
    )
  })

  test('6, clumsily: the last events are deleted and nothing else', async () => {
    await history.tamper('delete from event where id > 21')
    await expectNamed(await history.exported(), {
      line: 26,
      event_id: 22,
      approval_id: null,
      what: /is gone from the database/,
    })
  })

  test('7: the log goes on in two ways, each signed with its own key', async () => {
    // Given a copy of the whole database, and its key
    await history.database.close()
    const other = await openHistory(await createDatabase(history.url))
    const one = await openHistory({ url: history.url, drop: async () => undefined })
    try {
      // When one story is told here and another there
      await one.add('apr_1', voteOf(dora))
      await one.seal()
      await other.add('apr_1', voteOf(mallory))
      await other.seal()
      // Then each is good by itself, and neither agrees with what was witnessed of the other
      await expectGood(await one.exported())
      await expectGood(await other.exported())
      const [before] = await one.ask<{ note: string }>('select note from checkpoint where size = 23')
      await expectNamed(
        await other.exported(),
        {
          line: 29,
          event_id: 24,
          approval_id: 'apr_1',
          what: /this event, or one after it up to line 29, .* the witnessed checkpoint of size 24/,
        },
        { checkpoint: `${before!.note}\n${await checkpoint(one)}` },
      )
    } finally {
      await one.close()
      await other.close()
    }
  })

  test('8: a checkpoint is replaced by one of another key', async () => {
    const real = await trustedKey()
    const pair = newSigningKey(createSeal(key))
    const { origin, size, root } = readNote(await checkpoint())!
    const signer = { ...(await named(pair)), private: openPrivate(createSeal(key), pair) }
    const note = signCheckpoint({ origin, size, root }, [signer])
    await history.tamper('update checkpoint set note = $2 where size = $1', [size, note])
    await expectNamed(await history.exported(), {
      line: 28,
      event_id: null,
      approval_id: null,
      what: /size 23 is not to be trusted: its signature is not good/,
    })
    // Nor does it help to give the key out as one of the log's.
    await history.tamper(
      `insert into signing_key (kid, purpose, public, sealed, created_at, retires_at)
       values ('forged', 'checkpoint', $1, '', now(), now())`,
      [pair.public],
    )
    await expectNamed(
      await history.exported(),
      { line: 28, event_id: null, approval_id: null, what: /not signed by a key that is to be trusted/ },
      { key: real },
    )
  })

  test('8, another way: the checkpoint says another root', async () => {
    const { size, root } = readNote(await checkpoint())!
    const other = Buffer.from(root.toReversed()).toString('base64')
    await history.tamper('update checkpoint set note = replace(note, $2, $3) where size = $1', [
      size,
      Buffer.from(root).toString('base64'),
      other,
    ])
    await expectNamed(await history.exported(), {
      line: 28,
      event_id: null,
      approval_id: null,
      what: /its signature is not good/,
    })
  })

  test('9: a vote is forged, and its chain mended', async () => {
    await history.tamper(`update event set body = replace(body, 'U_BOB', 'U_ERIN') where id = 8`)
    await rechain('apr_2')
    await expectNamed(await history.exported(), {
      line: 10,
      event_id: 8,
      approval_id: 'apr_2',
      what: /not the event that was sealed in this place/,
    })
  })

  test('10: a whole chain is rewritten, and the log with it', async () => {
    await history.tamper(
      `update event set body = replace(body, 'C_FINANCE', 'C_ELSEWHERE') where approval_id = 'apr_3'`,
    )
    await rechain('apr_3')
    await releaf()
    await expectNamed(await history.exported(), {
      line: 2,
      event_id: 1,
      approval_id: 'apr_1',
      what: /this event, or one after it up to line 8, is not the one that was sealed: the checkpoint of size 6 has another root/,
    })
  })

  test('10, with a key pair of the liar’s own: the real key, or any checkpoint of before, tells', async () => {
    const real = await trustedKey()
    const witnessed = await checkpoint()
    await history.tamper(
      `update event set body = replace(body, 'U_DORA', 'U_ERIN') where approval_id = 'apr_3'`,
    )
    await rechain('apr_3')
    await releaf()
    const pair = newSigningKey(createSeal(key))
    await history.tamper(`update signing_key set public = $1 where purpose = 'checkpoint'`, [pair.public])
    await resign({ ...(await named(pair)), private: openPrivate(createSeal(key), pair) })
    const file = await history.exported()
    await expectGood(file)
    await expectNamed(
      file,
      {
        line: null,
        event_id: null,
        approval_id: null,
        what: /nothing in the file is signed by the key that was given/,
      },
      { key: real },
    )
    await expectNamed(
      file,
      {
        line: 1,
        event_id: null,
        approval_id: null,
        what: /witnessed checkpoint of size 23 is signed by none/,
      },
      { checkpoint: witnessed },
    )
  })

  test('10, with the log’s own key: only what was witnessed tells', async () => {
    const witnessed = (await history.ask<{ note: string }>('select note from checkpoint'))
      .map(({ note }) => note)
      .join('\n')
    await history.tamper(
      `update event set body = replace(body, 'U_DORA', 'U_ERIN') where approval_id = 'apr_3'`,
    )
    await rechain('apr_3')
    await releaf()
    const [signing] = await listSigningKeys(history.database, 'checkpoint')
    await resign({ ...(await named(signing!)), private: openPrivate(createSeal(key), signing!) })
    const file = await history.exported()
    await expectGood(file)
    await expectNamed(
      file,
      {
        line: 14,
        event_id: 11,
        approval_id: 'apr_1',
        what: /this event, or one after it up to line 18, .* the witnessed checkpoint of size 15/,
      },
      { checkpoint: witnessed },
    )
  })
})

describe('an export', () => {
  test('of a span begins and ends with checkpoints, and is proven to be of the whole log', async () => {
    const since = history.clock.now()
    await history.add('apr_1', posted)
    await history.admin(300)
    await history.seal()
    const until = history.clock.now()
    for (const id of ['apr_2', 'apr_3', 'apr_4']) {
      history.clock.move(120_000)
      await history.add(id, posted)
      await history.seal()
    }
    await history.add('apr_2', voteOf(dora))
    const file = await history.exported({ since, until })
    expect(await expectGood(file)).toMatchObject({ from: 23, to: 325, events: 302, unsealed: 0 })
    // It is held against the newest checkpoint by a proof that the log only grew.
    expect(await expectGood(file, { checkpoint: await checkpoint() })).toMatchObject({ witnessed: [327] })
    expect(await expectGood(await history.exported({ since: until }))).toMatchObject({
      from: 324,
      to: 327,
      unsealed: 1,
    })
    // What it says of what is before it cannot be changed either.
    const lines = await history.lines({ since, until })
    const { peaks, ...header } = JSON.parse(lines[0]!) as { peaks: string[] }
    const other = await history.file([
      JSON.stringify({ ...header, peaks: peaks.toReversed() }),
      ...lines.slice(1),
    ])
    await expectNamed(other, { line: 1, event_id: null, approval_id: null, what: /size 23 has another root/ })
  })

  test('names an event that was changed when the one before it, which is not in the span, was deleted', async () => {
    const since = history.clock.now()
    await history.add('apr_1', voteOf(dora))
    await history.seal()
    await history.add('apr_2', voteOf(dora))
    const [before] = await history.ask<{ id: string }>(
      `select id from event where approval_id = 'apr_1' order by seq desc offset 1 limit 1`,
    )
    // Nothing tells any more what the hash is of.
    await history.tamper('delete from event where id = $1', [before!.id])
    await history.tamper(`update event set body = replace(body, 'U_DORA', 'U_ERIN') where id = 24`)
    await expectNamed(await history.exported({ since }), {
      line: 2,
      event_id: 24,
      approval_id: 'apr_1',
      what: /event 6 of its chain, and the hash of the one before it is missing/,
    })
  })

  test('names an event that was changed before it was sealed, whose chain is not in the span', async () => {
    const since = history.clock.now()
    await history.add('apr_1', voteOf(dora))
    await history.seal()
    await history.add('apr_2', voteOf(dora))
    expect(await expectGood(await history.exported({ since }))).toMatchObject({ from: 23, unsealed: 1 })
    await history.tamper(`update event set body = replace(body, 'U_DORA', 'U_ERIN') where id = 25`)
    await expectNamed(await history.exported({ since }), {
      line: 4,
      event_id: 25,
      approval_id: 'apr_2',
      what: /one of them was changed/,
    })
  })

  test('of an empty log is good, and so is one of events that no checkpoint covers yet', async () => {
    const empty = await openHistory()
    try {
      expect(await expectGood(await empty.exported())).toMatchObject({ events: 0, to: 0, checkpoint: null })
      await empty.admin(3)
      expect(await expectGood(await empty.exported())).toMatchObject({ events: 0, unsealed: 3 })
    } finally {
      await empty.close()
    }
  })

  test('names a row that belongs to no place of the log', async () => {
    // Ids from 24 on are used up, so that an id is free between others.
    await history.tamper(`select setval('event_id_seq', 40)`)
    await history.admin(1)
    await history.seal()
    history.clock.move(120_000)
    await history.admin(1)
    await history.seal()
    await history.tamper(
      `insert into event (id, approval_id, seq, type, at, body, hash)
       select 30, 'apr_9', 1, type, at, replace(body, 'apr_1', 'apr_9'), sha256('') from event where id = 1`,
    )
    await expectNamed(await history.exported(), {
      line: 33,
      event_id: 30,
      approval_id: 'apr_9',
      what: /in the database and not in the log/,
    })
  })

  test('over the rotation of a key is good by the old key, and from then on by the new one alone', async () => {
    const old = await trustedKey()
    await history.rotateKey()
    await history.add('apr_1', posted)
    await history.seal()
    await history.add('apr_2', posted)
    await history.seal()
    const file = await history.exported()
    await expectGood(file, { key: old })
    const [newest] = await listSigningKeys(history.database, 'checkpoint')
    await expectGood(file, { key: verifierKey(await named(newest!)) })
    // The old key has leaked: what it signs now is worth nothing.
    const retired = (await listSigningKeys(history.database, 'checkpoint')).at(-1)!
    const { origin, size, root } = readNote(await checkpoint())!
    const signer = { ...(await named(retired)), private: openPrivate(createSeal(key), retired) }
    await history.tamper('update checkpoint set note = $2 where size = $1', [
      size,
      signCheckpoint({ origin, size, root }, [signer]),
    ])
    await expectNamed(
      await history.exported(),
      { line: 33, event_id: null, approval_id: null, what: /not signed by a key that is to be trusted/ },
      { key: old },
    )
  })
})
