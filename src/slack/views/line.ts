import type { KnownBlock } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'
import { said } from '../../approval/shown.ts'
import type { AuditEvent } from '../../audit/index.ts'
import { isTerminal, openStage, type Approval } from '../../approval/approval.ts'
import { outcomeFigures } from '../../approval/outcome-words.ts'
import type { Rendered } from '../posts.ts'
import { brief, briefly } from './brief.ts'
import { changesInWords } from './edited.ts'
import { decisionLine } from './decision-line.ts'
import { headline } from './headline.ts'
import { fit, limits } from './limits.ts'
import { countOf } from './status.ts'
import { dateToken, escapeMrkdwn, plain, richText } from './text.ts'

const lineEvent = 'countersign_line'

/** Whom a line may name, as read from Slack beforehand; `pinged` is a Slack user id. */
export type Awaited = { names: string[]; mention: string | null; pinged: string | null }

/** The one person who wants to know of an event at once, and their roles: they are pinged where these have a card. */
export function wantedPing(
  approval: Approval,
  event: AuditEvent,
): { slack_user_id: string; roles: string[] } | null {
  if (event.type === 'approval.assigned')
    return { slack_user_id: event.data.to.slack_user_id, roles: event.data.roles }
  if (event.type !== 'question.answered') return null
  const question = questionOf(approval, event)
  return question && { slack_user_id: question.by.slack_user_id, roles: question.roles }
}

/** What a card's thread tells of an event, or null where it tells nothing. Nothing in it pings but a mention of ours. */
export function line(approval: Approval, event: AuditEvent, awaited: Awaited): Rendered | null {
  const decided = decisionLine(event)
  if (decided) {
    const { words, theirs } = decided
    return message(approval, event, words, theirs ? briefly(said(theirs), 1_000) : null)
  }
  if (event.type === 'outcome.reported') return outcomeLine(approval, event)
  if (event.type === 'question.asked') return questionLine(approval, event)
  if (event.type === 'question.answered') return answerLine(approval, event, awaited)
  const agentsWords =
    event.type === 'action.edited' ? changesInWords(event.data.changes, event.data.plan.masked) : null
  return message(approval, event, wordsOf(approval, event, awaited), agentsWords)
}

function wordsOf(approval: Approval, event: AuditEvent, { names, mention, pinged }: Awaited): string | null {
  switch (event.type) {
    case 'step.reminded':
      return `⏰ Still waiting for ${event.data.roles.join(' or ')}: ${standing(approval)}. ${awaitedWords(names)}`
    case 'step.mentioned':
      return `🔔 ${mention ?? event.data.roles.join(' or ')}: this is still waiting for you, ${standing(approval)}.`
    case 'step.escalated':
      return `⤴ *${event.data.to}* was asked too. This card stays valid, and everyone’s votes count together.`
    case 'step.required':
      return `⬆ This now needs ${event.data.approvals} approvals.`
    case 'step.warned':
      return `⌛ ${event.data.percent} % of the time is over. Without an answer it ends ${dateToken(new Date(event.data.expires_at))}.`
    case 'approval.extended':
      return `⏳ ${actorName(event)} gave it more time, until ${dateToken(new Date(event.data.to))}.`
    case 'action.edited':
      return editedWords(approval, event)
    case 'approval.assigned': {
      const who = pinged === null ? escapeMrkdwn(reveal(event.data.to.name)) : `<@${pinged}>`
      return `👉 ${who}, ${actorName(event)} asks you to decide this. Everybody else who can may do it all the same.`
    }
    case 'stage.unreachable':
      return `⚠ Nobody can decide this right now: ${escapeMrkdwn(event.data.why)}. The admins were told.`
    default:
      return null
  }
}

/** What the thread of a flood is told of a step that many of its requests take at about the same time. */
export function floodLine(
  flood_id: string,
  waiting: number,
  event: AuditEvent,
  { mention }: Pick<Awaited, 'mention'>,
): Rendered | null {
  if (waiting === 0) return null
  const many = waiting === 1 ? '1 request waits' : `${waiting.toLocaleString('en')} requests wait`
  const words = () => {
    switch (event.type) {
      case 'step.reminded':
        return `⏰ Here ${many} still for ${event.data.roles.join(' or ')}.`
      case 'step.mentioned':
        return `🔔 ${mention ?? event.data.roles.join(' or ')}: here ${many} still for you.`
      case 'step.escalated':
        return `⤴ *${event.data.to}* is asked too. What is decided here counts as before.`
      default:
        return null
    }
  }
  const text = words()
  if (text === null || !('level' in event.data)) return null
  const step = `${event.type}:${event.data.stage}:${event.data.level}`
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
    metadata: { event_type: lineEvent, event_payload: { flood_id, step } },
  }
}

const outcomes = { succeeded: '☑ It succeeded', failed: '❌ It failed', skipped: '⏭ It was not run' } as const

/** With what the agent says went wrong below it. */
function outcomeLine(
  approval: Approval,
  event: Extract<AuditEvent, { type: 'outcome.reported' }>,
): Rendered | null {
  const { status, error } = event.data
  const figures = outcomeFigures(event.data).join(', ')
  const ran = approval.withdrawn !== null && status !== 'skipped' ? ' It had been withdrawn.' : ''
  const words = `${outcomes[status]}, says the agent${figures === '' ? '' : ` (${figures})`}.${ran}`
  return message(approval, event, words, error === null ? null : fit(said(error), 1_000))
}

/** Somebody's own words stand below ours. */
function questionLine(
  approval: Approval,
  event: Extract<AuditEvent, { type: 'question.asked' }>,
): Rendered | null {
  const { text, called } = event.data
  const untold = called
    ? ''
    : ' It left no address where it could be told, so that its owner was. Whoever knows the answer can say it here.'
  return message(approval, event, `❓ ${actorName(event)} asked the agent:${untold}`, said(text))
}

function answerLine(
  approval: Approval,
  event: Extract<AuditEvent, { type: 'question.answered' }>,
  { pinged }: Awaited,
): Rendered | null {
  const question = questionOf(approval, event)
  if (!question) return null
  const who = pinged === null ? escapeMrkdwn(reveal(question.by.name)) : `<@${pinged}>`
  const words = `💬 ${who}, the agent has answered, in its own words, which nobody checked:`
  return message(approval, event, words, briefly(said(question.text), 300), {
    quote: brief(said(event.data.text), { characters: 2_500, lines: 40 }),
  })
}

function questionOf(approval: Approval, { data }: { data: { question_id: string } }) {
  return approval.questions.find(({ id }) => id === data.question_id) ?? null
}

/** A line that says which request it is about. */
export function naming(approval: Approval, { text, blocks, ...rest }: Rendered): Rendered {
  const about = headline(approval, 150)
  const words = fit(`${escapeMrkdwn(about)}\n${text}`, limits.fallback_text)
  return { text: words, blocks: [...noteOf(about), ...blocks], ...rest }
}

/** A direct message about an event: to the agent's owner, or to the admins. Null where there is nothing to say. */
export function direct(approval: Approval, event: AuditEvent): Rendered | null {
  const about = headline(approval, 150)
  const below = event.type === 'question.asked' ? `${about}\n❓ ${said(event.data.text)}` : about
  return message(approval, event, directWords(approval, event), below)
}

/**
 * `words` are ours, and mrkdwn. What somebody else wrote stands `below` them as plain text, or in a `quote`: it cannot
 * format itself.
 */
function message(
  approval: Approval,
  event: AuditEvent,
  words: string | null,
  below: string | null = null,
  { quote }: { quote: string | null } = { quote: null },
): Rendered | null {
  if (words === null) return null
  const theirs = [below, quote].flatMap((text) => (text === null ? [] : [escapeMrkdwn(text)]))
  return {
    text: fit([words, ...theirs].join('\n'), limits.fallback_text),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: words, verbatim: true } },
      ...noteOf(below),
      ...quoteOf(quote),
    ],
    metadata: { event_type: lineEvent, event_payload: { approval_id: approval.id, seq: event.seq } },
  }
}

function noteOf(text: string | null): KnownBlock[] {
  return text === null
    ? []
    : [{ type: 'context', elements: [{ type: 'plain_text', text: fit(text, 2_000), emoji: false }] }]
}

function quoteOf(text: string | null): KnownBlock[] {
  return text === null ? [] : [richText({ type: 'rich_text_quote', elements: [plain(text)] })]
}

function directWords(approval: Approval, event: AuditEvent): string | null {
  const what = whatIsAsked(approval)
  switch (event.type) {
    case 'approval.expired':
      return `⌛ Nobody decided in time: ${what} has expired.`
    case 'approval.rejected':
      return `⌛ Nobody decided in time: ${what} was rejected, as its rule says.`
    case 'glass.broken':
      return glassWords(approval, event)
    case 'stage.unreachable':
      return `⚠ Nobody can decide ${what}: ${escapeMrkdwn(event.data.why)}. Please mend the role or its channel; \`/countersign show ${approval.id}\` shows the request.`
    case 'flood.began':
      return `🌊 Your agent ${escapeMrkdwn(reveal(approval.agent.name))} asks a lot at once: more than ${event.data.most} requests in <#${event.data.channel}> within a minute. What comes on top is gathered on one card there; nothing is lost. If it is not meant to ask that much, an admin can freeze it. The first of them:`
    case 'question.asked':
      return `❓ ${actorName(event)} has a question about ${what}, and your agent left no address where it could be told. Say it in the thread of its card, or have the agent answer \`${event.data.question_id}\`.`
    case 'outcome.missed':
      // It may have come while this waited.
      return approval.outcome === null
        ? `❔ Your agent has not said what came of ${what}, which was approved ${dateToken(approval.decided_at ?? approval.created_at)}. Its permit was ${event.data.execution_id === null ? 'not used' : 'used'}.`
        : null
    case 'callback.tried':
      return `📭 Your agent could not be told about ${what}: its server did not take the callback, and it was given up. An admin can send it again with \`/countersign redeliver ${approval.id}\`.`
    default:
      return null
  }
}

/** Who approved what it was before is pinged: their approval counts no more. */
function editedWords(approval: Approval, event: Extract<AuditEvent, { type: 'action.edited' }>): string {
  const { note, voided } = event.data
  const why = note === null ? '' : `: “${escapeMrkdwn(fit(said(note), 500))}”`
  const lost = [...new Set(voided.map(({ slack_user_id }) => `<@${slack_user_id}>`))].join(' ')
  return [
    `✏ ${actorName(event)} edited the action${why}`,
    ...(lost === '' ? [] : [`${lost} what you approved is not what is asked any more: please look again.`]),
    ...(isTerminal(approval) ? [] : [`It is asked anew: ${standing(approval)}.`]),
  ].join('\n')
}

/** What admins and every channel of the plan are told when somebody approved alone. */
export function glassBroken(approval: Approval, event: AuditEvent): Rendered | null {
  if (event.type !== 'glass.broken') return null
  return message(approval, event, glassWords(approval, event), headline(approval, 150))
}

function glassWords(approval: Approval, event: Extract<AuditEvent, { type: 'glass.broken' }>): string {
  const { left, reason } = event.data
  return `🚨 *Break glass*: ${actorName(event)} approved ${whatIsAsked(approval)} alone, in the place of ${left.join(' and ')}: “${escapeMrkdwn(said(reason))}”.`
}

function whatIsAsked({ id, agent }: Approval): string {
  return `\`${id}\` of the agent ${escapeMrkdwn(reveal(agent.name))}`
}

function standing(approval: Approval): string {
  const stage = approval.stages[openStage(approval) ?? -1]
  return stage ? countOf(stage) : 'decided meanwhile'
}

function awaitedWords(names: string[]): string {
  return names.length === 0
    ? ''
    : `Any of them can decide: ${names.map((name) => escapeMrkdwn(reveal(name))).join(', ')}.`
}

function actorName(event: AuditEvent): string {
  return event.actor.type === 'human' ? escapeMrkdwn(reveal(event.actor.name)) : 'Somebody'
}
