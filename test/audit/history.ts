import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Fact } from '../../src/approval/events.ts'
import { exportLines } from '../../src/audit/export.ts'
import { sealPass, type Pass } from '../../src/audit/log/seal.ts'
import type { Span } from '../../src/audit/moment.ts'
import { adminEvent } from '../../src/admin/record.ts'
import { eventRows } from '../../src/flow/record.ts'
import { createLog } from '../../src/platform/log.ts'
import { createSeal } from '../../src/platform/seal.ts'
import { newSigningKey } from '../../src/platform/signing-key.ts'
import { appendEvents } from '../../src/store/append-events.ts'
import { appendAdminEvents } from '../../src/store/chain.ts'
import { openDatabase, recording, type Database } from '../../src/store/database.ts'
import { rotateSigningKey } from '../../src/store/signing-keys.ts'
import { basis, bob, dora, human } from '../approval/given.ts'
import { createDatabase } from '../setup/database.ts'
import { movedClock, type MovedClock } from '../setup/moved-clock.ts'

/** A database with a history in it, written and sealed by the product's own hands. */
export type History = {
  url: string
  database: Database
  clock: MovedClock
  /** Makes approvals `apr_FIRST`… without events. */
  makeApprovals(count: number, first?: number): Promise<string[]>
  /** Adds events to an approval, in one transaction. */
  add(approval_id: string, ...facts: Fact[]): Promise<void>
  admin(count: number): Promise<void>
  rotateKey(): Promise<void>
  seal(): Promise<Pass>
  /** What the database's owner can do, with every guard of ours off. */
  tamper(statement: string, values?: unknown[]): Promise<void>
  ask<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>
  /** An export in a file. */
  exported(span?: Partial<Span>): Promise<string>
  lines(span?: Partial<Span>): Promise<string[]>
  /** Writes lines as a file. */
  file(lines: string[]): Promise<string>
  close(): Promise<void>
}

export const key = Buffer.alloc(32, 7)

/** @param made a database that is there; a new one where left out */
export async function openHistory(made?: { url: string; drop(): Promise<void> }): Promise<History> {
  const own = made ?? (await createDatabase())
  const database = openDatabase(own.url, createLog('silent'))
  const clock = movedClock()
  const seal = createSeal(key)
  const folder = await mkdtemp(join(tmpdir(), 'countersign-evidence-'))
  let files = 0
  const history: History = {
    url: own.url,
    database,
    clock,
    async makeApprovals(count, first = 1) {
      await database.pool.query(
        `insert into approval (id, agent_id, agent_name, agent_owner, status, revision, created_at, expires_at, tool, request,
           plan, stages, escalation, events, head)
         select 'apr_' || n, 'agt_1', 'bot', 'U_DAVE', 'pending', 1, $3, $3, 'deploy', '{}', '{}', '[]', '{}', 0,
         decode(repeat('00', 32), 'hex') from generate_series($1::int, $2::int) n`,
        [first, first + count - 1, clock.now()],
      )
      return Array.from({ length: count }, (_, nth) => `apr_${first + nth}`)
    },
    async add(approval_id, ...facts) {
      await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
        events: eventRows(approval_id, facts, next_seq, at),
      }))
    },
    async admin(count) {
      const at = clock.now()
      const events = Array.from({ length: count }, (_, nth) =>
        adminEvent('agent.enabled', { type: 'operator' }, at, {
          agent_id: 'agt_1',
          name: `bot-${nth}`,
          disabled_at: null,
        }),
      )
      await recording(database, (client) => appendAdminEvents(client, at, events))
    },
    async rotateKey() {
      const pair = newSigningKey(seal)
      const { kid, public: x } = pair
      await rotateSigningKey(
        database,
        { purpose: 'checkpoint', at_once: false },
        clock.now,
        (old_kid, at) => ({
          ...pair,
          event: adminEvent('key.rotated', { type: 'operator' }, at, {
            purpose: 'checkpoint',
            kid,
            public: x,
            old_kid,
            at_once: false,
          }),
        }),
      )
    },
    async seal() {
      const pass = await sealPass({ database, clock, seal })
      clock.move(1_000)
      return pass
    },
    async tamper(statement, values = []) {
      const client = new pg.Client({ connectionString: own.url })
      await client.connect()
      try {
        await client.query('set session_replication_role = replica')
        const { rowCount } = await client.query(statement, values)
        if (rowCount === 0) throw new Error('nothing was tampered with')
      } finally {
        await client.end()
      }
    },
    ask: async <Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []) =>
      (await database.pool.query<Row>(statement, values)).rows,
    exported: async (span) => history.file(await history.lines(span)),
    async lines(span = {}) {
      const lines: string[] = []
      for await (const line of exportLines({ database, clock }, { since: null, until: null, ...span }))
        lines.push(line)
      return lines
    },
    async file(lines) {
      const path = join(folder, `export-${(files += 1)}.ndjson`)
      await writeFile(path, lines.map((line) => `${line}\n`).join(''))
      return path
    },
    async close() {
      await database.close()
      await own.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return history
}

/** What happens to an approval, as far as a chain is concerned. */
export const posted: Fact = {
  type: 'card.posted',
  actor: { type: 'countersign' },
  data: {
    stage: 0,
    role: 'finance',
    channel: 'C_FINANCE',
    ts: '1772442000.000100',
    shown: basis.seen.shown,
    revision: 1,
    status: 'pending',
  },
}

export function voteOf(who: typeof bob, comment: string | null = null): Fact {
  return {
    type: 'vote.cast',
    actor: human(who),
    data: { vote: 'approve', stage: 0, revision: 1, roles: ['finance'], comment, ...basis },
  }
}

/** A history of some approvals, in several checkpoints. */
export async function tellHistory(history: History): Promise<void> {
  const ids = await history.makeApprovals(4)
  for (const id of ids) await history.add(id, posted)
  await history.admin(2)
  await history.seal()
  for (const id of ids) await history.add(id, voteOf(bob))
  await history.seal()
  for (const id of ids) await history.add(id, voteOf(dora, 'ümlaut “quoted” \u2028 \\'))
  await history.admin(1)
  await history.seal()
  for (const id of ids) await history.add(id, posted, posted)
  await history.seal()
}
