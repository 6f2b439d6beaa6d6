import { isTerminal, openStage, type Approval } from './approval.ts'
import type { Effect } from './decide.ts'
import type { Fact } from './events.ts'
import { moveEnd, nextTimer } from './ladder.ts'
import { withStage } from './stage.ts'

/** A stop of all approving, or of one agent's, as far as one approval is concerned. Freezes may overlap. */
export type Freeze = {
  id: string
  /** Null where everything is frozen. */
  agent_id: string | null
  reason: string
  at: Date
  /** Null while it is in force. */
  lifted_at: Date | null
}

/** Whether a freeze concerns this agent. */
export function concerns({ agent_id }: Freeze, asking_agent_id: string): boolean {
  return agent_id === null || agent_id === asking_agent_id
}

/** Of the freezes that concern an approval, one that is in force, or null. */
export function freezeInForce(freezes: readonly Freeze[]): Freeze | null {
  return freezes.find(({ lifted_at }) => lifted_at === null) ?? null
}

/** From one moment to another, in milliseconds of the epoch. */
type Span = { from: number; to: number }

/** The time that was frozen until `now`, without overlaps, in order. */
function frozenSpans(freezes: readonly Freeze[], now: Date): Span[] {
  const spans = freezes
    .map(({ at, lifted_at }) => ({ from: at.getTime(), to: (lifted_at ?? now).getTime() }))
    .sort((a, b) => a.from - b.from)
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joined.push({ ...span })
  }
  return joined
}

/** Until when an approval's time has run: now, or the moment from which on it stands still. */
export function ranUntil(freezes: readonly Freeze[], now: Date): Date {
  if (freezeInForce(freezes) === null) return now
  const last = frozenSpans(freezes, now).at(-1)
  return last && last.to >= now.getTime() ? new Date(last.from) : now
}

/** How much of the time from `from` to `until` was frozen, in milliseconds. */
function frozenMs(freezes: readonly Freeze[], from: Date, until: Date): number {
  return frozenSpans(freezes, until).reduce((sum, span) => {
    const overlap = Math.min(span.to, until.getTime()) - Math.max(span.from, from.getTime())
    return sum + Math.max(0, overlap)
  }, 0)
}

/** The approval as the freezes leave it, and what has to be told of that. */
export type Held = {
  next: Approval
  facts: Fact[]
  effects: Effect[]
  freeze: Freeze | null
  ran_until: Date
}

/**
 * Brings a waiting approval in line with the freezes that concern it: its deadlines get back exactly the time that was
 * frozen and is over, and it knows whether one is in force now. Every decision about it begins here, so that it does not
 * matter when somebody comes by to do this.
 */
export function hold(approval: Approval, freezes: readonly Freeze[], now: Date): Held {
  const freeze = freezeInForce(freezes)
  const ran_until = ranUntil(freezes, now)
  if (isTerminal(approval)) return { next: approval, facts: [], effects: [], freeze, ran_until }
  const given_ms = frozenMs(freezes, approval.created_at, ran_until) - approval.escalation.thawed_ms
  const thawed = given_ms > 0 ? giveBack(approval, given_ms, ran_until) : approval
  const next = withMark(thawed, freeze)
  if (next === approval) return { next, facts: [], effects: [], freeze, ran_until }
  const effects: Effect[] = [{ do: 'show_cards' }, ...(freeze === null ? nextTimer(next) : [])]
  return { next, facts: factsOf(approval, next, given_ms, freeze), effects, freeze, ran_until }
}

function giveBack(approval: Approval, given_ms: number, now: Date): Approval {
  const escalation = { ...approval.escalation, thawed_ms: approval.escalation.thawed_ms + given_ms }
  const open = openStage(approval)
  const later = { ...approval, escalation }
  const shifted =
    open === null
      ? later
      : withStage(later, open, (stage) => ({ ...stage, thawed_ms: stage.thawed_ms + given_ms }))
  return moveEnd(shifted, new Date(approval.expires_at.getTime() + given_ms), now)
}

function withMark(approval: Approval, freeze: Freeze | null): Approval {
  if ((approval.freeze?.id ?? null) === (freeze?.id ?? null)) return approval
  const mark = freeze && { id: freeze.id, reason: freeze.reason, at: freeze.at }
  return { ...approval, freeze: mark }
}

function factsOf(before: Approval, next: Approval, given_ms: number, freeze: Freeze | null): Fact[] {
  const actor = { type: 'freeze' } as const
  const facts: Fact[] = []
  if (before.freeze !== null || given_ms > 0)
    facts.push({
      type: 'approval.thawed',
      actor,
      data: { given_ms: Math.max(0, given_ms), expires_at: next.expires_at },
    })
  if (freeze !== null && next.freeze !== before.freeze)
    facts.push({ type: 'approval.frozen', actor, data: { freeze_id: freeze.id, reason: freeze.reason } })
  return facts
}
