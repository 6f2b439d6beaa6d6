import type pg from 'pg'
import type { HistoryValues } from '../approval/history.ts'
import { rolesIn, type Approval } from '../approval/approval.ts'
import { nextMoment } from '../approval/ladder.ts'
import { isUnspent, validUntil } from '../approval/withdraw.ts'
import { chainStart } from '../platform/chain.ts'
import { asked } from './approval-rows.ts'
import { bytesInJson } from './chain.ts'
import { consequenceParts, consequenceValues, type Consequences } from './consequences.ts'
import { recording, write, type Database } from './database.ts'
import { gather, gatherByLane, onceFor } from './gather.ts'
import { lockNumbers, pastWithin, type LookBack } from './history.ts'

export type OpenResult =
  | 'opened'
  /** The agent's idempotency key is taken: nothing was written. */
  | 'key_taken'
  /** What it was decided by (the policy, the freezes, the permits' key) is no longer in force: nothing was written. */
  | 'desk_changed'

/** A new approval with everything that follows from it. */
export type Decided = { approval: Approval; consequences: Consequences }

type Opening = {
  /** Of the desk that it is decided by. */
  epoch: number
  idempotency: { key: string; body_hash: string } | null
  /** What it is decided by besides, and the moment that it is asked of. */
  look: LookBack
  now: Date
  /** Must not wait for anything but this machine's own work. */
  decide: (history: HistoryValues) => Decided | Promise<Decided>
}

const columns = `id, agent_id, agent_name, agent_owner, idempotency_key, body_hash, status, revision, created_at, expires_at,
  decided_at, tool, run_id, request, plan, stages, roles, escalation, unreachable, decision, valid_until,
  unspent, permit, events, head, due_at`

// A key that comes twice, be it in one batch or in two replicas at once, is written once: the other finds it taken.
const statement = `with
  newest as (select desk_epoch() as epoch),
  changed as (
    insert into approval (${columns})
    select ${columns} from newest, json_to_recordset($5::json) as opening (id text, agent_id text, agent_name text,
      agent_owner text, idempotency_key text, body_hash text, status text, revision int, created_at timestamptz,
      expires_at timestamptz, decided_at timestamptz, tool text, run_id text, request json, plan json, stages json,
      roles text[], escalation json, unreachable text, decision json, valid_until timestamptz,
      unspent boolean, permit text, events int, head bytea, due_at timestamptz, epoch int)
    where opening.epoch = newest.epoch
    on conflict (agent_id, idempotency_key) do nothing
    returning id
  ), ${consequenceParts}
  select newest.epoch as newest_epoch, array(select id from changed) as opened from newest`

/**
 * Decides upon a new approval and writes it. It is written only while `epoch` is still the desk's, so that a policy, a
 * freeze and a key count from the moment they are saved.
 *
 * Where nothing of the past is asked that is one statement: one round trip, one commit, both shared with whoever opens
 * another at the same time. Else the past is read, and the approval decided and written, while nobody can change what was
 * read: those who look at the same wait for one another, share a transaction within a process, and each finds what
 * the one before it has added.
 */
export async function openApproval(
  database: Database,
  opening: Opening,
): Promise<Decided & { result: OpenResult }> {
  const { look, decide } = opening
  if (look.reads.length > 0) return openedInTurn(database)(opening)
  const decided = await decide(look.unknown)
  return { ...decided, result: await writtenTogether(database)({ ...opening, ...decided }) }
}

const writtenTogether = onceFor((database: Database) =>
  gather(async (openings: Ready[]) => {
    const { rows } = await write<Written>(database, inserting(openings))
    database.recorded.raise()
    return resultsOf(openings, rows)
  }),
)

const openedInTurn = onceFor((database: Database) =>
  gatherByLane(
    ({ look }: Opening) => lockNumbers(look).join(),
    (openings) => recording(database, (client) => openOneByOne(database, client, openings), 'decides'),
  ),
)

async function openOneByOne(database: Database, client: pg.PoolClient, openings: Opening[]) {
  const past = pastWithin(database, client, null)
  const opened: (Decided & { result: OpenResult })[] = []
  for (const opening of openings) {
    const decided = await opening.decide(await past(opening.look, opening.now))
    const ready = { ...opening, ...decided }
    const { rows } = await client.query<Written>(inserting([ready]))
    for (const result of resultsOf([ready], rows)) opened.push({ ...decided, result })
  }
  return opened
}

type Ready = Pick<Opening, 'epoch' | 'idempotency'> & Decided

type Written = { newest_epoch: number; opened: string[] }

function inserting(openings: Ready[]): pg.QueryConfig {
  const following = openings.map(({ approval, consequences }) => ({
    approval_id: approval.id,
    at: approval.created_at,
    head: chainStart,
    consequences,
  }))
  const { values, heads } = consequenceValues(following)
  return {
    name: 'open-approvals',
    text: statement,
    values: [...values, JSON.stringify(openings.map((one, index) => rowOf(one, heads[index]!)))],
  }
}

function resultsOf(openings: Ready[], [row]: Written[]): OpenResult[] {
  const { newest_epoch = 0, opened = [] } = row ?? {}
  const ids = new Set(opened)
  return openings.map(({ approval, epoch }) => {
    if (ids.has(approval.id)) return 'opened'
    return epoch === newest_epoch ? 'key_taken' : 'desk_changed'
  })
}

function rowOf({ epoch, approval, idempotency, consequences }: Ready, head: Uint8Array) {
  const { id, status, revision, created_at, expires_at, decided_at, run_id } = approval
  const { plan, stages, escalation, unreachable, decision } = approval
  return {
    id,
    agent_id: approval.agent.id,
    agent_name: approval.agent.name,
    agent_owner: approval.agent.owner,
    idempotency_key: idempotency?.key ?? null,
    body_hash: idempotency?.body_hash ?? null,
    status,
    revision,
    created_at,
    expires_at,
    decided_at,
    tool: approval.action.tool,
    run_id,
    request: asked(approval),
    plan,
    stages,
    roles: rolesIn(approval),
    escalation,
    unreachable,
    decision,
    valid_until: validUntil(approval),
    unspent: isUnspent(approval),
    permit: approval.permit,
    events: consequences.events.length,
    head: bytesInJson(head),
    due_at: nextMoment(approval)?.at ?? null,
    epoch,
  }
}
