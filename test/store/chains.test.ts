import { createHash, randomUUID } from 'node:crypto'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { open } from '../../src/approval/open.ts'
import type { Fact } from '../../src/approval/events.ts'
import { consequencesOf, eventRows } from '../../src/flow/record.ts'
import { createLog } from '../../src/platform/log.ts'
import { appendEvents } from '../../src/store/append-events.ts'
import { appendAdminEvents } from '../../src/store/chain.ts'
import { changeApproval } from '../../src/store/change-approval.ts'
import { openDatabase, recording, type Database } from '../../src/store/database.ts'
import { prismaFolder } from '../../src/store/migrate/folder.ts'
import { migrate } from '../../src/store/migrate/migrate.ts'
import { withDatabase } from '../../src/store/url.ts'
import { agent, planOf, requestOf, start } from '../approval/given.ts'
import { createDatabase, testServer } from '../setup/database.ts'
import { ask } from './embedded-program.ts'
import { openDecided } from './open-decided.ts'

let made: Awaited<ReturnType<typeof createDatabase>>
let database: Database
beforeAll(async () => {
  made = await createDatabase()
  database = openDatabase(made.url, createLog('silent'))
})
afterAll(async () => {
  await database.close()
  await made.drop()
})

type Row = { chain: string; seq: number; body: string; hash: string }

/** By another hand than the product's: the rule of docs/evidence.md, on the rows as they are. */
async function expectWholeChains(url: string): Promise<Map<string, { seq: number; hash: string }>> {
  const ends = new Map<string, { seq: number; hash: string }>()
  const rows = await ask<Row>(
    url,
    `select coalesce(approval_id, '') as chain, seq, body, encode(hash, 'hex') as hash from event order by 1, 2`,
  )
  for (const { chain, seq, body, hash } of rows) {
    const before = ends.get(chain) ?? { seq: 0, hash: '00'.repeat(32) }
    const link = `02${before.hash}${Buffer.from(body, 'utf8').toString('hex')}`
    expect({ chain, seq, hash }).toEqual({
      chain,
      seq: before.seq + 1,
      hash: createHash('sha256').update(Buffer.from(link, 'hex')).digest('hex'),
    })
    ends.set(chain, { seq, hash })
  }
  const heads = await ask<{ chain: string; seq: number; hash: string }>(
    url,
    `select id as chain, events as seq, encode(head, 'hex') as hash from approval
     union all select '', events, encode(head, 'hex') from admin_chain`,
  )
  for (const { chain, ...end } of heads) if (end.seq > 0) expect(ends.get(chain)).toEqual(end)
  return ends
}

const nothingSeen = { faults: [], history: {} }
/** No role has a channel here. */
const channels = { role: () => null }
const ids = Array.from({ length: 8 }, (_, nth) => `apr_chain_${nth}`)
const unclear: Fact = {
  type: 'card.unclear',
  actor: { type: 'countersign' },
  data: { stage: 0, role: 'finance', channel: 'C_FINANCE', error: 'ümlaut and \u2028' },
}

test('whoever writes at the same time, every event follows the one before it', async () => {
  // Given approvals that were opened together
  await Promise.all(
    ids.map((id) => {
      const { next, facts, effects } = open(id, agent, requestOf(), planOf(), nothingSeen, start)
      const consequences = consequencesOf(channels, next, facts, effects, 1, start)
      return openDecided(database, 0, { approval: next, consequences })
    }),
  )
  // When all kinds of writers add to the same approvals, and admins act
  const now = () => start
  const appended = (id: string) =>
    appendEvents(database, id, now, (next_seq, at) => ({
      events: eventRows(id, [unclear, unclear], next_seq, at),
    }))
  const changed = (id: string) =>
    changeApproval(database, id, now, ({ approval, next_seq, now: at }) => ({
      write: {
        next: approval,
        consequences: consequencesOf(channels, approval, [unclear], [], next_seq, at),
      },
      result: null,
    }))
  const admin = () =>
    recording(database, (client) =>
      appendAdminEvents(client, start, [
        { type: 'agent.added', person: null, body: '{"first":1}' },
        { type: 'agent.added', person: 'U_ALICE', body: '{"second":2}' },
      ]),
    )
  await Promise.all(
    Array.from({ length: 20 }, () => [...ids.flatMap((id) => [appended(id), changed(id)]), admin()]).flat(),
  )
  // Then there are all of them, in whole chains
  const ends = await expectWholeChains(made.url)
  expect(ends.get('')?.seq).toBe(40)
  for (const id of ids) expect(ends.get(id)!.seq).toBeGreaterThan(60)
})

test('what was there before there were chains is chained by the migration', async () => {
  // Given a database of the version before, with events
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-chains-'))
  await cp(prismaFolder, folder, { recursive: true })
  const names = (await readdir(path.join(folder, 'migrations'))).filter((name) => /^\d/.test(name)).sort()
  for (const name of names.slice(names.findIndex((one) => one.endsWith('_event_chains'))))
    await rm(path.join(folder, 'migrations', name), { recursive: true })
  const server = await testServer()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await ask(withDatabase(server, 'postgres'), `create database ${name}`)
  const url = withDatabase(server, name)
  try {
    await migrate(url, createLog('silent'), { folder })
    await ask(
      url,
      `insert into approval (id, agent_id, agent_name, agent_owner, status, revision, created_at, expires_at, tool,
         request, plan, stages, escalation, events)
       select 'apr_' || n, 'agt_1', 'bot', 'U_DAVE', 'pending', 1, now(), now(), 'deploy', '{}', '{}', '[]', '{}', 3
       from generate_series(1, 3) n`,
    )
    await ask(
      url,
      `insert into event (approval_id, seq, type, at, body)
       select 'apr_' || a, s, case s when 1 then 'approval.requested' else 'vote.cast' end, now(),
         json_build_object('actor', json_build_object('type', 'human', 'slack_user_id', 'U_BOB'),
           'data', json_build_object('on_behalf_of', 'U_ERIN', 'nth', s))::text
       from generate_series(3, 1, -1) s, generate_series(1, 3) a`,
    )
    await ask(
      url,
      `insert into event (type, at, body) select 'agent.added', now(), '{"n":' || n || '}' from generate_series(1, 4) n`,
    )
    // When this version starts on it
    await migrate(url, createLog('silent'))
    // Then its events have whole chains, can be found by who did it, and cannot be changed
    const ends = await expectWholeChains(url)
    expect(Object.fromEntries([...ends].map(([chain, { seq }]) => [chain, seq]))).toEqual({
      '': 4,
      apr_1: 3,
      apr_2: 3,
      apr_3: 3,
    })
    expect(await ask(url, `select seq, person from event where approval_id = 'apr_1' order by seq`)).toEqual([
      { seq: 1, person: 'U_ERIN' },
      { seq: 2, person: 'U_BOB' },
      { seq: 3, person: 'U_BOB' },
    ])
    await expect(ask(url, 'update event set seq = seq + 1')).rejects.toThrow('append-only')
  } finally {
    await ask(withDatabase(server, 'postgres'), `drop database ${name} with (force)`)
    await rm(folder, { recursive: true })
  }
})
