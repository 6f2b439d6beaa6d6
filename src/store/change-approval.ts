import type pg from 'pg'
import { isTerminal, rolesIn, type Approval } from '../approval/approval.ts'
import type { Freeze } from '../approval/freeze.ts'
import { nextMoment } from '../approval/ladder.ts'
import { isUnspent, validUntil } from '../approval/withdraw.ts'
import { approvalColumns, approvalSource, asked, toApproval, type ApprovalRow } from './approval-rows.ts'
import { consequenceParts, consequenceValues, type Consequences } from './consequences.ts'
import { recording, type Database } from './database.ts'
import { decidedChannel } from './decided-channel.ts'
import { pastWithin, type Past } from './history.ts'
import { freezesOf, toFreeze, type StoredFreeze } from './freezes.ts'
import { permitKey, type SealedKey } from './permit-key.ts'

/** An approval under its lock, with the number of its next audit event and what it is to be decided by. */
export type Found = {
  approval: Approval
  next_seq: number
  now: Date
  /** Those that concern its agent. */
  freezes: Freeze[]
  /** Signs its permit. */
  permit_key: SealedKey
  /** The desk's: a policy that was read at another one is not the one in force. */
  epoch: number
  /** Without itself. */
  past: Past
}

/** What to write for the row as it was found under the lock; null writes nothing. */
export type Change<T> = { write: { next: Approval; consequences: Consequences } | null; result: T }

const loadLocked = `select ${approvalColumns}, ${freezesOf('a')} as freezes, ${permitKey} as permit_key,
    (select epoch from desk) as epoch
  from ${approvalSource} where a.id = $1 for update of a`

type Loaded = ApprovalRow & { freezes: StoredFreeze[]; permit_key: SealedKey; epoch: number }

const save = `with
  changed as (
    update approval set status = $6, revision = $7::int, decided_at = $8::timestamptz, expires_at = $9::timestamptz,
      stages = $10::json, escalation = $11::json, unreachable = $12, decision = $13::json, events = events + $14::int,
      plan = $16::json, request = $17::json, due_at = $18::timestamptz,
      roles = $19::text[], "freeze" = $20::json, withdrawn = $21::json, valid_until = $22::timestamptz, head = $23,
      details_opened = $24::json, unspent = $25::boolean, permit = $26, consumed = $27::json, outcome = $28::json,
      missed_at = $29::timestamptz, edited = $30::json, questions = $31::json, assigned = $32::json,
      on_it = $33::json
    where id = $5 returning id
  ), ${consequenceParts}
  select case when $15::boolean then pg_notify('${decidedChannel}', changed.id) end from changed`

/**
 * Loads an approval under its row's lock, lets `decideChange` say what becomes of it, and saves that, in one
 * transaction. Two changes at once wait for one another here. Null where there is no such approval.
 *
 * @param decideChange must not wait for anything but the past and this machine's own work
 */
export async function changeApproval<T>(
  database: Database,
  id: string,
  now: () => Date,
  decideChange: (found: Found) => Change<T> | Promise<Change<T>>,
): Promise<T | null> {
  return recording(
    database,
    async (client) => {
      const { rows } = await client.query<Loaded>({
        name: 'load-locked',
        text: loadLocked,
        values: [id],
      })
      const row = rows[0]
      if (!row) return null
      // The time is read under the lock: what waited for it is judged by when it got its turn.
      const at = now()
      const approval = toApproval(row)
      const { events, epoch, permit_key } = row
      const freezes = row.freezes.map(toFreeze)
      const past = pastWithin(database, client, id)
      const { write, result } = await decideChange({
        approval,
        next_seq: events + 1,
        now: at,
        freezes,
        permit_key,
        epoch,
        past,
      })
      if (write) await saveChange(client, { ...row, approval }, write, at)
      return result
    },
    'decides',
  )
}

function orNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

async function saveChange(
  client: pg.PoolClient,
  before: { approval: Approval; head: Uint8Array },
  { next, consequences }: { next: Approval; consequences: Consequences },
  at: Date,
) {
  const { head } = before
  const { values, heads } = consequenceValues([{ approval_id: next.id, at, head, consequences }])
  await client.query({
    name: 'save-change',
    text: save,
    values: [
      ...values,
      next.id,
      next.status,
      next.revision,
      next.decided_at,
      next.expires_at,
      JSON.stringify(next.stages),
      JSON.stringify(next.escalation),
      next.unreachable,
      orNull(next.decision),
      consequences.events.length,
      isTerminal(next) && !isTerminal(before.approval),
      JSON.stringify(next.plan),
      JSON.stringify(asked(next)),
      nextMoment(next)?.at ?? null,
      rolesIn(next),
      orNull(next.freeze),
      orNull(next.withdrawn),
      validUntil(next),
      heads[0],
      JSON.stringify(next.details_opened),
      isUnspent(next),
      next.permit,
      orNull(next.consumed),
      orNull(next.outcome),
      next.missed_at,
      orNull(next.edited),
      JSON.stringify(next.questions),
      orNull(next.assigned),
      orNull(next.on_it),
    ],
  })
}
