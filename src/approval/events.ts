import type { Decider, JsonObject } from './approval.ts'

/** What an audit event of an approval may be called. The contract names them; `docs/audit.md` says what each records. */
export type EventType =
  | 'approval.requested'
  | 'approval.approved'
  | 'approval.rejected'
  | 'approval.expired'
  | 'approval.cancelled'
  | 'card.posted'
  | 'card.updated'
  | 'card.failed'
  | 'vote.cast'
  | 'click.refused'
  | 'stage.met'
  | 'callback.tried'

/**
 * Who did it. `countersign` is this program, acting on what somebody else decided; `operator` is whoever has a shell
 * on its machine.
 */
export type Actor = Decider | { type: 'countersign' } | { type: 'operator' }

/** One thing that happened to an approval, to be recorded with the change that it describes. */
export type Fact = { type: EventType; actor: Actor; data: JsonObject }
