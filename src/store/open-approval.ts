import { rolesIn, type Approval } from '../approval/approval.ts'
import { nextMoment } from '../approval/ladder.ts'
import { validUntil } from '../approval/withdraw.ts'
import { chainStart } from '../platform/chain.ts'
import { asked } from './approval-rows.ts'
import { bytesInJson } from './chain.ts'
import { consequenceParts, consequenceValues, type Consequences } from './consequences.ts'
import { write, type Database } from './database.ts'
import { gather, onceFor } from './gather.ts'

export type OpenResult =
  | 'opened'
  /** The agent's idempotency key is taken: nothing was written. */
  | 'key_taken'
  /** The policy or the freezes that it was decided by are no longer those in force: nothing was written. */
  | 'desk_changed'

type Opening = {
  epoch: number
  approval: Approval
  idempotency: { key: string; body_hash: string } | null
  consequences: Consequences
}

const columns = `id, agent_id, agent_name, agent_owner, idempotency_key, body_hash, status, revision, created_at, expires_at,
  decided_at, tool, run_id, request, plan, stages, roles, escalation, unreachable, decision, valid_until,
  events, head, due_at`

// A key that comes twice, be it in one batch or in two replicas at once, is written once: the other finds it taken.
const statement = `with
  newest as (select desk_epoch() as epoch),
  changed as (
    insert into approval (${columns})
    select ${columns} from newest, json_to_recordset($4::json) as opening (id text, agent_id text, agent_name text,
      agent_owner text, idempotency_key text, body_hash text, status text, revision int, created_at timestamptz,
      expires_at timestamptz, decided_at timestamptz, tool text, run_id text, request json, plan json, stages json,
      roles text[], escalation json, unreachable text, decision json, valid_until timestamptz,
      events int, head bytea, due_at timestamptz, epoch int)
    where opening.epoch = newest.epoch
    on conflict (agent_id, idempotency_key) do nothing
    returning id
  ), ${consequenceParts}
  select newest.epoch as newest_epoch, array(select id from changed) as opened from newest`

/**
 * A new approval with everything that follows from it, in one statement: one round trip, one commit, both shared with
 * whoever opens another at the same time. It is written only while `epoch` is still the desk's, so that a policy and a freeze
 * count from the moment they are saved.
 */
export async function openApproval(
  database: Database,
  epoch: number,
  approval: Approval,
  idempotency: Opening['idempotency'],
  consequences: Consequences,
): Promise<OpenResult> {
  return openedTogether(database)({ epoch, approval, idempotency, consequences })
}

const openedTogether = onceFor((database: Database) =>
  gather((openings: Opening[]) => openAll(database, openings)),
)

async function openAll(database: Database, openings: Opening[]): Promise<OpenResult[]> {
  const following = openings.map(({ approval, consequences }) => ({
    approval_id: approval.id,
    at: approval.created_at,
    head: chainStart,
    consequences,
  }))
  const { values, heads } = consequenceValues(following)
  const { rows } = await write<{ newest_epoch: number; opened: string[] }>(database, {
    name: 'open-approvals',
    text: statement,
    values: [...values, JSON.stringify(openings.map((one, index) => rowOf(one, heads[index]!)))],
  })
  const { newest_epoch = 0, opened = [] } = rows[0] ?? {}
  const ids = new Set(opened)
  return openings.map(({ approval, epoch }) => {
    if (ids.has(approval.id)) return 'opened'
    return epoch === newest_epoch ? 'key_taken' : 'desk_changed'
  })
}

function rowOf({ epoch, approval, idempotency, consequences }: Opening, head: Uint8Array) {
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
    events: consequences.events.length,
    head: bytesInJson(head),
    due_at: nextMoment(approval)?.at ?? null,
    epoch,
  }
}
