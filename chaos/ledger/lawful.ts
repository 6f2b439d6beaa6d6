import { patienceMs } from '../world/policy.ts'
import { roles } from '../world/workspace.ts'
import type { AuditEvent } from './audit.ts'
import type { Entry } from './ledger.ts'

const endings = new Set(['approval.approved', 'approval.rejected', 'approval.expired', 'approval.cancelled'])

/**
 * Walks an approval's audit and says what is not lawful in it, judged by what the suite asked and by the policy as the
 * suite wrote it. Nothing of the app's own judgement is used: only what it says that happened.
 */
export function unlawful(entry: Entry, events: AuditEvent[], owner: string, tempo: number): string[] {
  const wrong: string[] = []
  const [requested] = events
  if (requested?.type !== 'approval.requested') return ['the audit does not begin with the request']
  const { rule, expires_in_s, on_behalf_of } = entry.intent
  const expires_at =
    Date.parse(requested.at) + Math.min(patienceMs(tempo), (expires_in_s ?? Infinity) * 1_000)
  if (Date.parse(String(requested.data['expires_at'])) !== expires_at) wrong.push('expires at another time')

  // By stage, who has approved it, and since when it is open.
  const approved: string[][] = [[]]
  let open_since = Date.parse(requested.at)
  let voting_roles = rule.stages[0] ? [rule.stages[0].role] : []
  let rejected_by: string | null = null
  let ended: AuditEvent | null = null

  for (const event of events) {
    if (event.type === 'vote.cast') vote(event)
    if (event.type === 'step.escalated') escalate(event)
    if (!endings.has(event.type)) continue
    if (ended) wrong.push(`${event.type} after ${ended.type}`)
    ended = event
    wrong.push(...badEnding(event))
  }
  if (!ended) wrong.push('never decided')
  return wrong

  function open(): number {
    return approved.length - 1
  }

  function vote({ actor, at, data }: AuditEvent) {
    const who = actor.slack_user_id ?? 'nobody'
    const stage = rule.stages[open()]
    const so_far = approved[open()] ?? []
    const say = (what: string) => wrong.push(`a vote by ${who} ${what}`)
    if (ended) say(`after ${ended.type}`)
    if (rejected_by !== null) say('after a rejection')
    if (!stage || data['stage'] !== open()) {
      say(`for stage ${String(data['stage'])}, which was not open`)
      return
    }
    if (Date.parse(at) >= expires_at) say('at or after the end of its time')
    if (!voting_roles.some((role) => roles[role]?.members.includes(who)))
      say(`who is not in ${voting_roles.join(' or ')}`)
    if (data['vote'] === 'reject') {
      rejected_by = who
      return
    }
    if (who === owner) say('who owns the agent')
    if (who === on_behalf_of) say('who asked for it')
    if (approved.flat().includes(who)) say('who had approved it before')
    so_far.push(who)
    if (so_far.length < stage.approvals) return
    approved.push([])
    open_since = Date.parse(at)
    voting_roles = rule.stages.slice(open(), open() + 1).map(({ role }) => role)
  }

  function escalate({ at, data }: AuditEvent) {
    const { escalates } = rule
    const to = String(data['to'])
    if (escalates?.to !== to) wrong.push(`escalated to ${to}, which no rule says`)
    else if (Date.parse(at) < open_since + escalates.after_ms) wrong.push('escalated too early')
    voting_roles.push(to)
  }

  function badEnding({ type, actor, at }: AuditEvent): string[] {
    const met = open() === rule.stages.length && rule.effect === 'require_approval'
    const late = Date.parse(at) >= expires_at
    const lawful: Record<string, boolean> = {
      'approval.approved human': met && rejected_by === null,
      'approval.approved policy': rule.effect === 'allow',
      'approval.rejected human': rejected_by !== null && rejected_by === actor.slack_user_id,
      'approval.rejected policy': rule.effect === 'deny',
      'approval.rejected timeout': late && rule.on_timeout === 'reject' && !met && rejected_by === null,
      'approval.expired timeout': late && rule.on_timeout === 'expire' && !met && rejected_by === null,
      'approval.cancelled agent': entry.cancel !== null && !met && rejected_by === null,
    }
    return lawful[`${type} ${actor.type}`] ? [] : [`${type} by ${actor.type}, and that is not lawful here`]
  }
}

/** The status that the audit ends with. */
export function endOf(events: AuditEvent[]): string | null {
  return events.find(({ type }) => endings.has(type))?.type.replace('approval.', '') ?? null
}
