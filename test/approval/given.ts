import type { Approval, Person, Request } from '../../src/approval/approval.ts'
import { decide, type Effect, type Input } from '../../src/approval/decide.ts'
import type { DetailsInput } from '../../src/approval/details.ts'
import type { Freeze } from '../../src/approval/freeze.ts'
import type { ExtendInput } from '../../src/approval/extend.ts'
import { open } from '../../src/approval/open.ts'
import type { Plan, PlanStage, Rung } from '../../src/approval/plan.ts'
import type { ReachInput } from '../../src/approval/reach.ts'
import type { VoteInput } from '../../src/approval/vote.ts'

/** When every approval of these tests is opened. */
export const start = new Date('2026-03-02T09:00:00.000Z')

export function minute(minutes: number): Date {
  return new Date(start.getTime() + minutes * 60_000)
}

/** An approval that nothing shortens ends half an hour after its start. */
export const deadline = minute(30)
export const justBefore = new Date(deadline.getTime() - 1)
export const justAfter = new Date(deadline.getTime() + 1)

/** Somebody of the workspace, with the roles that Slack says they are a member of. */
export type Member = Person & { roles: string[] }

function member(name: string, ...roles: string[]): Member {
  return { slack_user_id: `U_${name.toUpperCase()}`, name, roles }
}

export const bob = member('Bob', 'finance')
export const dora = member('Dora', 'finance')
export const carol = member('Carol', 'platform')
export const erin = member('Erin', 'finance', 'platform')
export const mallory = member('Mallory', 'sales')
/** The agent says that she asked. */
export const asker = member('Ada', 'finance', 'platform')
/** Answers for the agent. */
export const owner = member('Olaf', 'finance', 'platform')

export const agent = { id: 'agt_1', name: 'refund-bot', owner: owner.slack_user_id }

export function finance(approvals = 1): PlanStage {
  return { roles: { any: ['finance'] }, approvals }
}

export function platform(approvals = 1): PlanStage {
  return { roles: { any: ['platform'] }, approvals }
}

export function remindAt(minutes: number): Rung {
  return { do: 'remind', after_ms: minutes * 60_000 }
}

export function mentionAt(minutes: number): Rung {
  return { do: 'mention', after_ms: minutes * 60_000 }
}

export function escalateAt(minutes: number, to: string): Rung {
  return { do: 'escalate', to, after_ms: minutes * 60_000 }
}

export function requireAt(minutes: number, approvals: number): Rung {
  return { do: 'require', approvals, after_ms: minutes * 60_000 }
}

export function planOf(changes: Partial<Plan> = {}): Plan {
  return {
    policy_version: 3,
    rule: 'refunds-over-100',
    effect: 'require_approval',
    reason: null,
    stages: [finance()],
    expires_in_ms: 30 * 60_000,
    valid_for_ms: 60 * 60_000,
    outcome_within_ms: null,
    on_timeout: 'expire',
    escalation: [],
    extend_ms: null,
    hours: {},
    separation_of_duties: { asker: true, owner: true, repeat: true },
    allowed_decisions: ['approve', 'reject'],
    editable: [],
    break_glass: false,
    require_details_opened: false,
    masked: [],
    require_reason: false,
    reject_reasons: [],
    require_on_behalf_of: false,
    ...changes,
  }
}

export function requestOf(changes: Partial<Request> = {}): Request {
  return {
    action: {
      tool: 'stripe.refund',
      arguments: { charge: 'ch_1', amount: 240 },
      summary: 'Refund $240 to order 1881',
      justification: 'Customer was charged twice',
    },
    action_digest: `sha256:${'5e'.repeat(32)}`,
    risk: 'medium',
    environment: 'production',
    run_id: 'run_81',
    on_behalf_of: asker.slack_user_id,
    subject: { type: 'order', id: '1881', url: null },
    links: [{ title: 'Trace', url: 'https://trace.example/81' }],
    metadata: { team: 'support' },
    allowed_decisions: ['approve', 'edit', 'reject'],
    arguments_schema: null,
    before: null,
    expires_in_ms: null,
    callback_url: null,
    state: { step: 4 },
    retry_of: null,
    ...changes,
  }
}

/** What `open` makes of a request under a plan, at `start`. */
export function opening(
  plan: Partial<Plan> = {},
  request: Partial<Request> = {},
  freeze: Freeze | null = null,
) {
  return open('apr_1', agent, requestOf(request), planOf(plan), { faults: [], history: {} }, start, freeze)
}

/** An approval just opened. */
export function opened(plan: Partial<Plan> = {}, request: Partial<Request> = {}): Approval {
  return opening(plan, request).next
}

/** The approval after these inputs, one a minute from its start on; each of them must count. */
export function after(approval: Approval, ...inputs: Input[]): Approval {
  return inputs.reduce((before, input, index) => {
    const { next, reply } = decide(before, input, minute(index + 1))
    if (!reply.counted) throw new Error(`${input.type} ${index + 1} did not count: ${reply.because}`)
    return next
  }, approval)
}

/** The card of a second stage, as it is right after the first was met. */
export const second = { stage: 1, revision: 2 }

/** The card that was on everybody's screen. */
export const seen = { shown: 'ca4d'.repeat(16), channel: 'C_FINANCE', ts: '1772442000.000100' }

/** What a decision records that it was made on. */
export const basis = {
  seen,
  policy_version: planOf().policy_version,
  action_digest: requestOf().action_digest,
}

/** A click on the first stage's card as it was posted, unless `changes` say otherwise. */
export function approve(by: Member, changes: Partial<VoteInput> = {}): VoteInput {
  return {
    type: 'vote',
    vote: 'approve',
    by: person(by),
    stage: 0,
    revision: 1,
    comment: null,
    seen,
    membership: { readable: true, roles: by.roles },
    ...changes,
  }
}

export function reject(by: Member, comment: string | null, changes: Partial<VoteInput> = {}): VoteInput {
  return approve(by, { vote: 'reject', comment, ...changes })
}

export const cancel: Input = { type: 'cancel', by: { name: agent.name }, reason: 'the customer gave up' }
export const expiryTimer: Input = { type: 'time_is_up', step: { at: 'expiry' } }

/** The timer for the rung above the first `level` ones. */
export function rungTimer(level: number, stage = 0): Input {
  return { type: 'time_is_up', step: { at: 'rung', stage, level } }
}

export function warningTimer(percent: number): Input {
  return { type: 'time_is_up', step: { at: 'warning', percent } }
}

/** A click on Details, by somebody whom the request concerns unless `changes` say otherwise. */
export function openDetails(by: Member, changes: Partial<DetailsInput> = {}): DetailsInput {
  const { stage, revision, seen, membership } = approve(by)
  return {
    type: 'open_details',
    by: person(by),
    stage,
    revision,
    seen,
    membership,
    concerned: true,
    ...changes,
  }
}

/** A click for more time, on the first stage's card as it was posted. */
export function extend(by: Member, changes: Partial<ExtendInput> = {}): ExtendInput {
  const { stage, revision, seen, membership } = approve(by)
  return { type: 'extend', by: person(by), stage, revision, seen, membership, ...changes }
}

/** What was found out about a role: why its card reaches nobody, or null. Who is in it, Slack did not say. */
export function found(role: string, problem: string | null, stage = 0): ReachInput {
  return { type: 'reach', stage, problems: { [role]: problem }, voters: null }
}

/** What the one timer is for that an outcome sets; undefined where it sets none. */
export function timerOf({ effects }: { effects: Effect[] }) {
  const [timer, ...more] = effects.filter((effect) => effect.do === 'set_timer')
  if (more.length > 0) throw new Error('more than one timer was set')
  return timer && { step: timer.step, at: timer.at }
}

export function person({ slack_user_id, name }: Person): Person {
  return { slack_user_id, name }
}

/** How a person is named as the one who acted. */
export function human(by: Person) {
  return { type: 'human' as const, ...person(by) }
}

export function factTypes({ facts }: { facts: { type: string }[] }): string[] {
  return facts.map((fact) => fact.type)
}
