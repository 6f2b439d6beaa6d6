import type { Change } from '../approval/difference.ts'
import type { Actor, Evaluation } from '../approval/events.ts'
import { masker } from '../approval/masker.ts'
import type { Mask } from '../approval/masks.ts'
import { reveal } from '../approval/reveal.ts'
import { said, shownArguments, shownChanges } from '../approval/shown.ts'
import { rolesInWords, writtenRoles, type Plan } from '../approval/plan.ts'
import { outcomeFigures } from '../approval/outcome-words.ts'
import { adminWords } from './admin-story.ts'
import { masksIn } from './printed.ts'
import type { AnyEvent, AuditEvent } from './read.ts'

/** One event as a sentence for somebody who was not there. Texts of agents and people stand in quotes, as they came. */
export function tell(event: AnyEvent): string {
  return `${event.at}  ${sentence(event)}`
}

/** One of many, of different approvals. */
export function tellFound(event: AnyEvent): string {
  return `${event.at}  ${event.approval_id ?? '-'}  ${sentence(event)}`
}

/**
 * In one line, with what cannot be seen made visible: nothing that an agent or a stranger wrote passes for a line of the
 * story, or tells a terminal what to do.
 */
export function sentence(event: AnyEvent): string {
  const seen = hasArguments(event) ? withArguments(event) : said(wordsOf(event))
  return seen.replaceAll('\n', ' ⏎ ').replaceAll('\t', ' ')
}

/** Events with what an agent wants to run, of which some may be hidden. */
type WithArguments = Requested | Edited

function hasArguments(event: AnyEvent): event is WithArguments {
  return event.type === 'approval.requested' || event.type === 'action.edited'
}

function withArguments(event: WithArguments): string {
  return event.type === 'approval.requested' ? requested(event) : edited(event)
}

function wordsOf(event: Exclude<AnyEvent, WithArguments>): string {
  return event.approval_id === null ? adminWords(event, nameOf(event.actor)) : words(event)
}

function words(event: Exclude<AuditEvent, WithArguments>): string {
  const who = nameOf(event.actor)
  switch (event.type) {
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired':
    case 'approval.cancelled':
      return `${event.type.slice('approval.'.length).toUpperCase()} by ${who}${quoted(event.data.reason)}`
    case 'approval.frozen':
      return `Frozen${quoted(event.data.reason)}`
    case 'approval.thawed':
      return `Goes on, with ${Math.round(event.data.given_ms / 1_000)} s given back; it ends ${event.data.expires_at}`
    case 'approval.withdrawn':
      return `WITHDRAWN by ${who}${quoted(event.data.reason)}`
    case 'permit.consumed':
      return `${who} used the permit for the execution “${event.data.execution_id}”, to run ${event.data.action_digest}`
    case 'permit.refused': {
      const { execution_id, action_digest, because } = event.data
      return `${who} was refused the permit for the execution “${execution_id}”, to run ${action_digest}: ${because}`
    }
    case 'outcome.reported':
      return `${who} reported ${[event.data.status, ...outcomeFigures(event.data)].join(', ')}${quoted(event.data.error)}`
    case 'outcome.missed':
      return `No outcome was reported in time${late(event.data)}; its owner is told`
    case 'vote.cast':
      return `${who}, of ${event.data.roles.join(' and ')}, voted ${event.data.vote} at stage ${event.data.stage + 1}${sight(event.data)}${quoted(event.data.comment)}`
    case 'click.refused': {
      const { click, stage, because, detail } = event.data
      return `${who} clicked ${click} at stage ${stage + 1} and was refused: ${because}${quoted(detail ?? null)}`
    }
    case 'form.opened':
      return `${who} clicked ${event.data.click} at stage ${event.data.stage + 1} and was shown the form`
    case 'approval.assigned':
      return `${who} assigned stage ${event.data.stage + 1} to ${event.data.to.name} (${event.data.to.slack_user_id}), of ${event.data.roles.join(' and ')}`
    case 'approval.taken_up': {
      const { from } = event.data
      return `${who} is on it${from === null ? '' : `, in the place of ${from.name} (${from.slack_user_id})`}`
    }
    case 'approval.let_go':
      return `${who} is not on it any more`
    case 'question.asked':
      return `${who} asked the agent${quoted(event.data.text)} (${event.data.question_id}${event.data.called ? '' : ', which left no address to be told at'})`
    case 'question.answered':
      return `${who} answered ${event.data.question_id}${quoted(event.data.text)}`
    case 'details.opened':
      return `${who} read all of it, as of revision ${event.data.revision}`
    case 'details.failed':
      return `Slack did not show Details to ${who}: ${event.data.error}`
    case 'glass.broken': {
      const { reason, left } = event.data
      return `BREAK GLASS: ${who} approved alone, in the place of ${left.join(' and ')}${sight(event.data)}${quoted(reason)}`
    }
    case 'stage.met':
      return `Stage ${event.data.stage + 1} (${event.data.role}) is met`
    case 'stage.unreachable':
      return `Nobody can meet stage ${event.data.stage + 1} right now${quoted(event.data.why)}`
    case 'stage.reachable':
      return `Stage ${event.data.stage + 1} can be met again, by ${event.data.role}`
    case 'step.reminded':
      return `Reminded ${event.data.roles.join(' and ')} of stage ${event.data.stage + 1}${late(event.data)}`
    case 'step.mentioned':
      return `Mentioned ${event.data.roles.join(' and ')} at stage ${event.data.stage + 1}${late(event.data)}`
    case 'step.escalated':
      return `Stage ${event.data.stage + 1} was escalated to ${event.data.to}${late(event.data)}`
    case 'step.required':
      return `Stage ${event.data.stage + 1} now needs ${event.data.approvals} approvals${late(event.data)}`
    case 'step.warned':
      return `Warned at ${event.data.percent} % of the time; the end is ${event.data.expires_at}${late(event.data)}`
    case 'approval.extended':
      return `${who} extended the time from ${event.data.from} to ${event.data.to}`
    case 'card.posted':
    case 'card.updated': {
      const { stage, channel, role, status, shown } = event.data
      const what = event.type.slice('card.'.length)
      return `The card of stage ${stage + 1} was ${what} in ${channel} for ${role} (${status}, shown ${shown.slice(0, 12)})`
    }
    case 'flood.began': {
      const { flood_id, channel, most } = event.data
      return `The agent asked more than ${most} times within a minute in ${channel}: from here on its requests are gathered in ${flood_id}`
    }
    case 'card.gathered': {
      const { stage, role, channel, flood_id } = event.data
      return `It is listed on the card of ${flood_id} in ${channel}, in place of a card of stage ${stage + 1} for ${role}`
    }
    case 'card.failed': {
      const { stage, role, channel, error } = event.data
      return `Slack would not take the card of stage ${stage + 1} for ${role} in ${channel}: ${error}`
    }
    case 'card.unclear': {
      const { stage, role, channel, error } = event.data
      return `Slack did not answer about the card of stage ${stage + 1} for ${role} in ${channel}${quoted(error)}`
    }
    case 'auditor.repaired':
      return `The auditor found a gap (${event.data.found}) and set it going again`
    case 'callback.tried': {
      const { attempt, outcome, status, error, duration_ms, next_at } = event.data
      const answer = status === null ? (error ?? 'no answer') : `status ${status}`
      const next = next_at === null ? '' : `; next try ${next_at}`
      return `Callback, try ${attempt}: ${outcome} (${answer}, ${Math.round(duration_ms)} ms)${next}`
    }
    case 'callback.redelivered': {
      const { callback_type, was, attempts } = event.data
      const tries = attempts === 1 ? '1 try' : `${attempts} tries`
      return `${who} had the callback ${callback_type}, ${was} after ${tries}, sent again`
    }
  }
}

type Requested = Extract<AuditEvent, { type: 'approval.requested' }>

/** Made visible part by part, so that what is hidden is told from what somebody wrote. */
function requested({ actor, data }: Requested): string {
  const { action, risk, owner, on_behalf_of, plan, evaluation, action_digest } = data
  const masks = masksIn(data)
  const { text } = masker(masks, { text: reveal, most_entries: Infinity })
  const summary = action.summary === null ? null : text('/action/summary', action.summary)
  const asker = on_behalf_of === null ? '' : `, asked by ${on_behalf_of} as it says`
  return (
    `${reveal(nameOf(actor))} (owned by ${owner}${asker}) asked to run ${action.tool} ` +
    `${JSON.stringify(shownArguments(action.arguments, masks))}${quoted(summary)}, ${risk} risk, ${action_digest}. ` +
    said(`${asks(plan)}${judged(evaluation)}`) +
    hiddenWords(masks)
  )
}

type Edited = Extract<AuditEvent, { type: 'action.edited' }>

function edited({ actor, data }: Edited): string {
  const { stage, note, changes, voided, to_digest, plan, evaluation } = data
  const what = shownChanges(changes, masksIn(data)).map(changed).join(', ')
  const lost = voided.map((one) => `${one.name} (${one.slack_user_id})`).join(', ')
  const voids = lost === '' ? '' : `No longer counted: the approval of ${lost}. `
  return (
    `${reveal(nameOf(actor))} edited the action at stage ${stage + 1}: ${what}${said(quoted(note))}; it is ${to_digest} now. ` +
    said(`${voids}${asks(plan)}${judged(evaluation)}`)
  )
}

function changed({ path, from, to }: Change): string {
  if (from === undefined) return `${path} added as ${JSON.stringify(to)}`
  return to === undefined
    ? `${path} taken away, which was ${JSON.stringify(from)}`
    : `${path} from ${JSON.stringify(from)} to ${JSON.stringify(to)}`
}

function asks({ policy_version, rule, effect, stages }: Plan): string {
  const whom = stages
    .map((stage) => `${stage.approvals} of ${rolesInWords(writtenRoles(stage))}`)
    .join(', then ')
  return `Policy version ${policy_version}, rule ${rule ?? 'defaults'}: ${effect}${whom === '' ? '' : ` by ${whom}`}`
}

/** How the rules came to it: what they saw of the past, which is not in what was recorded before they could, and what failed. */
function judged({ history, faults }: Pick<Evaluation, 'faults'> & Partial<Evaluation>): string {
  const values = Object.entries(history ?? {}).map(([name, value]) => `${name} = ${value ?? 'not known'}`)
  const failed = faults.map(({ rule, detail }) => `; the condition of ${rule} failed: ${detail}`).join('')
  return `${values.length === 0 ? '' : `. It saw ${values.join(', ')}`}${failed}`
}

/** More places than that nobody reads; the event has them all. */
const mostPlaces = 10

function hiddenWords(masks: Mask[]): string {
  if (masks.length === 0) return ''
  const named = masks.slice(0, mostPlaces).map(({ at }) => reveal(at))
  const more = masks.length - named.length
  return `. Nobody is shown what is at ${named.join(', ')}${more > 0 ? ` and ${more} other places` : ''}`
}

function nameOf(actor: Actor): string {
  switch (actor.type) {
    case 'human':
      return `${actor.name} (${actor.slack_user_id})`
    case 'agent':
      return `the agent ${actor.name}`
    case 'policy':
      return `policy version ${actor.version}, rule ${actor.rule ?? 'defaults'}`
    case 'timeout':
      return 'the passing of time'
    case 'freeze':
      return 'a freeze'
    case 'countersign':
      return 'Countersign'
    case 'operator':
      return 'an operator'
  }
}

/** Which card was on the screen. Events of before that was recorded have no `seen`. */
function sight({ seen }: { seen?: { shown: string } | null }): string {
  return seen ? `, seeing ${seen.shown.slice(0, 12)}` : ''
}

function late({ lateness_ms }: { lateness_ms: number }): string {
  return lateness_ms < 0 ? ', early' : ` (${lateness_ms} ms late)`
}

function quoted(text: string | null): string {
  return text === null || text === '' ? '' : `: “${text}”`
}
