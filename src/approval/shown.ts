import type { Approval, Json, JsonObject } from './approval.ts'
import { reveal } from './reveal.ts'

declare const fitToBeShown: unique symbol

/**
 * An approval whose texts may be put before people: what agents and people wrote is made visible in it, character by
 * character. Addresses are as they came, for whoever makes a link of them. Nothing else may be made of it.
 */
export type ShownApproval = Approval & { readonly [fitToBeShown]: true }

/** One that was not made fit yet: made visible twice, a text would show our own marks as if somebody had written them. */
export type RawApproval = Approval & { readonly [fitToBeShown]?: never }

export function shown(approval: RawApproval): ShownApproval {
  const { action, agent, subject, decision, withdrawn, freeze, outcome, edited } = approval
  const reasonIn = <T extends { reason: string | null }>(words: T): T => ({
    ...words,
    reason: words.reason === null ? null : reveal(words.reason),
  })
  const seen: Approval = {
    ...approval,
    action: {
      ...action,
      arguments: shownObject(action.arguments),
      summary: shownSummary(approval),
      justification: orNull(action.justification),
    },
    agent: { ...agent, name: reveal(agent.name) },
    environment: reveal(approval.environment),
    run_id: orNull(approval.run_id),
    subject: subject && { ...subject, type: reveal(subject.type), id: reveal(subject.id) },
    links: approval.links.map((link) => ({ ...link, title: reveal(link.title) })),
    metadata: shownObject(approval.metadata) as Record<string, string>,
    before: approval.before && shownObject(approval.before),
    edited: edited && { ...edited, arguments: shownObject(edited.arguments), note: orNull(edited.note) },
    arguments_schema: approval.arguments_schema && shownObject(approval.arguments_schema),
    state: shownJson(approval.state),
    unreachable: orNull(approval.unreachable),
    stages: approval.stages.map((stage) => ({
      ...stage,
      votes: stage.votes.map((vote) => ({ ...vote, comment: orNull(vote.comment) })),
    })),
    decision: decision && reasonIn(decision),
    withdrawn: withdrawn && reasonIn(withdrawn),
    outcome: outcome && { ...outcome, error: orNull(outcome.error) },
    freeze: freeze && { ...freeze, reason: reveal(freeze.reason) },
  }
  return seen as ShownApproval
}

/** The summary alone, for where nothing else is shown. */
export function shownSummary({ action }: RawApproval): string | null {
  return orNull(action.summary)
}

function orNull(text: string | null): string | null {
  return text === null ? null : reveal(text)
}

function shownObject(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [reveal(key), shownJson(value)]))
}

function shownJson(value: Json): Json {
  if (typeof value === 'string') return reveal(value)
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? value.map(shownJson) : shownObject(value)
}
