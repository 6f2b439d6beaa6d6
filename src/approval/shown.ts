import type { Approval, JsonObject } from './approval.ts'
import type { Change } from './difference.ts'
import { maskedChanges, masker, more, type Writing } from './masker.ts'
import { editedArguments, sentArguments, type Mask } from './masks.ts'
import { isWithin } from './pointer.ts'
import { hidden, reveal, type Span } from './reveal.ts'
import { builtInSecrets } from './secrets.ts'

declare const fitToBeShown: unique symbol

/**
 * An approval whose texts may be put before people: secrets are left out of it, and what agents and people wrote is made
 * visible, character by character. Addresses are as they came but for their secrets, for whoever makes a link of them.
 * Nothing else may be made of it.
 */
export type ShownApproval = Approval & { readonly [fitToBeShown]: true }

/** One that was not made fit yet: made visible twice, a text would show our own marks as if somebody had written them. */
export type RawApproval = Approval & { readonly [fitToBeShown]?: never }

/** How much is worth making visible, in characters of one text and in entries of one object: the rest is counted. */
export type Extent = { characters: number; entries: number }

const all: Extent = { characters: Infinity, entries: Infinity }

export function shown(approval: RawApproval, extent: Extent = all): ShownApproval {
  const { action, agent, subject, links, decision, withdrawn, freeze, outcome, edited } = approval
  const { text, json, object } = masker(approval.plan.masked, writing(extent))
  const orNull = (at: string, value: string | null) => (value === null ? null : text(at, value))
  const reasonIn = <T extends { reason: string | null }>(words: T): T => ({
    ...words,
    reason: words.reason === null ? null : said(words.reason),
  })
  const seen: Approval = {
    ...approval,
    action: {
      ...action,
      arguments: object(sentArguments, action.arguments),
      summary: orNull('/action/summary', action.summary),
      justification: orNull('/action/justification', action.justification),
    },
    agent: { ...agent, name: reveal(agent.name) },
    environment: text('/environment', approval.environment),
    run_id: orNull('/run_id', approval.run_id),
    subject: subject && {
      type: text('/subject/type', subject.type),
      id: text('/subject/id', subject.id),
      url: subject.url === null ? null : address(subject.url, '/subject/url', approval.plan.masked),
    },
    links: links.map(({ title, url }, i) => ({
      title: text(`/links/${i}/title`, title),
      url: address(url, `/links/${i}/url`, approval.plan.masked),
    })),
    metadata: object('/metadata', approval.metadata) as Record<string, string>,
    before: approval.before && object('/before', approval.before),
    edited: edited && {
      ...edited,
      arguments: object(editedArguments, edited.arguments),
      note: edited.note === null ? null : said(edited.note),
    },
    arguments_schema: approval.arguments_schema && object('/arguments_schema', approval.arguments_schema),
    state: json('/state', approval.state),
    unreachable: approval.unreachable === null ? null : reveal(approval.unreachable),
    stages: approval.stages.map((stage) => ({
      ...stage,
      votes: stage.votes.map((vote) => ({
        ...vote,
        comment: vote.comment === null ? null : said(vote.comment),
      })),
    })),
    questions: approval.questions.map((question) => ({
      ...question,
      text: said(question.text),
      answer: question.answer && { ...question.answer, text: said(question.answer.text) },
    })),
    decision: decision && reasonIn(decision),
    withdrawn: withdrawn && reasonIn(withdrawn),
    outcome: outcome && { ...outcome, error: outcome.error === null ? null : said(outcome.error) },
    freeze: freeze && { ...freeze, reason: said(freeze.reason) },
  }
  return seen as ShownApproval
}

/** The summary alone, for where nothing else is shown. */
export function shownSummary({ action, plan }: RawApproval): string | null {
  const { text } = masker(plan.masked, writing(all))
  return action.summary === null ? null : text('/action/summary', action.summary)
}

/** Arguments as they may be shown, with the places that are hidden in them. */
export function shownArguments(arguments_: JsonObject, masks: readonly Mask[]): JsonObject {
  return masker(masks, writing(all)).object(sentArguments, arguments_)
}

/** What an edit changed as it may be shown, with the places that are hidden after it. */
export function shownChanges(changes: readonly Change[], masks: readonly Mask[]): Change[] {
  return maskedChanges(changes, masks, writing(all))
}

/** What somebody says who did not say it with a request: of that, what is built in is hidden. */
export function said(words: string): string {
  return reveal(words, builtInSecrets.spansIn(words))
}

function writing({ characters, entries }: Extent): Writing {
  return {
    most_entries: entries,
    text(text, spans) {
      if (text.length <= characters) return reveal(text, spans)
      const whole = /[\uD800-\uDBFF]$/.test(text.slice(0, characters)) ? characters - 1 : characters
      const within = spans.flatMap(([from, to]): Span[] =>
        from < whole ? [[from, Math.min(to, whole)]] : [],
      )
      return reveal(text.slice(0, whole), within) + more(text.length - whole)
    },
  }
}

/** Of an address with a secret in it its host remains. */
function address(url: string, at: string, masks: readonly Mask[]): string {
  if (!masks.some((mask) => isWithin(at, mask.at))) return url
  return `${/^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? ''}/${hidden}`
}
