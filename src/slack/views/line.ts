import { reveal } from '../../approval/reveal.ts'
import { said } from '../../approval/shown.ts'
import type { AuditEvent } from '../../audit/index.ts'
import { isTerminal, openStage, type Approval } from '../../approval/approval.ts'
import { outcomeFigures } from '../../approval/outcome-words.ts'
import type { Rendered } from '../posts.ts'
import { brief, briefly } from './brief.ts'
import { changesInWords } from './edited.ts'
import { decisionLine } from './decision-line.ts'
import { fit } from './limits.ts'
import { actorName, message } from './message.ts'
import { countOf } from './status.ts'
import { dateToken, escapeMrkdwn } from './text.ts'

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

function standing(approval: Approval): string {
  const stage = approval.stages[openStage(approval) ?? -1]
  return stage ? countOf(stage) : 'decided meanwhile'
}

function awaitedWords(names: string[]): string {
  return names.length === 0
    ? ''
    : `Any of them can decide: ${names.map((name) => escapeMrkdwn(reveal(name))).join(', ')}.`
}
