import type { Actor } from '../approval/events.ts'
import type { AuditEvent } from './read.ts'

/** One event as a sentence for somebody who was not there. Texts of agents and people stand in quotes, as they came. */
export function tell(event: AuditEvent): string {
  return `${event.at}  ${sentence(event)}`
}

function sentence({ type, actor, data }: AuditEvent): string {
  const who = nameOf(actor)
  switch (type) {
    case 'approval.requested':
      return requested(who, data as RequestedData)
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired':
    case 'approval.cancelled':
      return `${type.slice('approval.'.length).toUpperCase()} by ${who}${because(data.reason)}`
    case 'vote.cast':
      return `${who} voted ${data.vote} at stage ${stageNumber(data)}${because(data.comment)}`
    case 'click.refused':
      return `${who} clicked ${data.click} at stage ${stageNumber(data)} and was refused: ${data.because}${because(data.detail)}`
    case 'stage.met':
      return `Stage ${stageNumber(data)} (${data.role}) is met`
    case 'card.posted':
    case 'card.updated':
      return `The card of stage ${stageNumber(data)} was ${type.slice('card.'.length)} in ${data.channel} for ${data.role} (${data.status}, shown ${short(data.shown)})`
    case 'card.failed':
      return `Slack would not take the card of stage ${stageNumber(data)} for ${data.role} in ${data.channel}: ${data.error}`
    case 'callback.tried':
      return callback(data as CallbackData)
  }
}

type RequestedData = {
  action: { tool: string; summary: string | null; arguments: object }
  action_digest: string
  risk: string
  owner: string
  on_behalf_of: string | null
  plan: {
    policy_version: number
    rule: string | null
    effect: string
    stages: { role: string; approvals: number }[]
  }
  evaluation: { faults: { rule: string; detail: string }[] }
}

function requested(
  who: string,
  { action, risk, owner, on_behalf_of, plan, evaluation, action_digest }: RequestedData,
): string {
  const stages = plan.stages.map((stage) => `${stage.approvals} of ${stage.role}`).join(', then ')
  const asker = on_behalf_of === null ? '' : `, asked by ${on_behalf_of} as it says`
  const faults = evaluation.faults
    .map((fault) => `; the condition of ${fault.rule} failed: ${fault.detail}`)
    .join('')
  return (
    `${who} (owned by ${owner}${asker}) asked to run ${action.tool} ${JSON.stringify(action.arguments)}, “${action.summary ?? ''}”, ` +
    `${risk} risk, ${action_digest}. Policy version ${plan.policy_version}, rule ${plan.rule ?? 'defaults'}: ${plan.effect}` +
    `${stages === '' ? '' : ` by ${stages}`}${faults}`
  )
}

type CallbackData = {
  attempt: number
  outcome: string
  status: number | null
  error: string | null
  duration_ms: number
  next_at: string | null
}

function callback({ attempt, outcome, status, error, duration_ms, next_at }: CallbackData): string {
  const answer = status === null ? (error ?? 'no answer') : `status ${status}`
  return `Callback, try ${attempt}: ${outcome} (${answer}, ${Math.round(duration_ms)} ms)${next_at ? `; next try ${next_at}` : ''}`
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
    case 'countersign':
      return 'Countersign'
    case 'operator':
      return 'an operator'
  }
}

function because(words: unknown): string {
  return typeof words === 'string' && words !== '' ? `: “${words}”` : ''
}

function stageNumber(data: AuditEvent['data']): number {
  return Number(data.stage) + 1
}

function short(digest: unknown): string {
  return String(digest).slice(0, 12)
}
