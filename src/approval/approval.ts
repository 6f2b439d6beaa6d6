import { listed, type AllowedDecision, type Plan, type Retry, type StageRoles } from './plan.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const statuses = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const
export type Status = (typeof statuses)[number]

export const risks = ['low', 'medium', 'high', 'critical'] as const
export type Risk = (typeof risks)[number]

export type Action = {
  tool: string
  arguments: JsonObject
  summary: string | null
  /** The agent's own words: never to be trusted, linked or formatted. */
  justification: string | null
}

/** An agent as an approval remembers it: its owner is frozen with the plan. */
export type AskingAgent = { id: string; name: string; owner: string }

/** A person of the workspace; `name` is what the workspace called them at the time. */
export type Person = { slack_user_id: string; name: string }

/** What an agent asked for, parsed and with its defaults filled in. */
export type Request = {
  action: Action
  /** `sha256:` + hex of the RFC 8785 canonical JSON of `{tool, arguments}`. */
  action_digest: string
  risk: Risk
  environment: string
  run_id: string | null
  /** The agent's claim of who asked, a Slack user id; unverified. */
  on_behalf_of: string | null
  subject: { type: string; id: string; url: string | null } | null
  links: { title: string; url: string }[]
  metadata: Record<string, string>
  allowed_decisions: AllowedDecision[]
  arguments_schema: JsonObject | null
  before: JsonObject | null
  /** How long the agent will wait, in milliseconds; it can only shorten what the policy gives. */
  expires_in_ms: number | null
  callback_url: string | null
  /** Echoed back untouched. */
  state: Json
  retry_of: string | null
}

/** `roles` are those, of the roles that may vote at the stage, which the voter was a member of. */
export type Vote = {
  by: Person
  vote: 'approve' | 'reject'
  roles: string[]
  comment: string | null
  at: Date
}

/** What an approver asked the agent while it waited; `roles` are those that they were in at that stage. */
export type Question = {
  id: string
  text: string
  by: Person
  stage: number
  roles: string[]
  at: Date
  /** In the agent's own words; null while there is none. */
  answer: { text: string; at: Date } | null
}

export type StageState = {
  roles: StageRoles
  approvals: number
  status: 'waiting' | 'open' | 'met'
  escalated_to: string[]
  /** Role → why its card reaches nobody right now. */
  problems: Record<string, string>
  /** Null until it first opens. It may wait again afterwards, where the action was edited. */
  opened_at: Date | null
  /** Frozen time since its opening that its ladder was given back, in milliseconds. */
  thawed_ms: number
  votes: Vote[]
}

export type Decider =
  | ({ type: 'human' } & Person)
  | { type: 'policy'; version: number; rule: string | null }
  | { type: 'timeout' }
  | { type: 'agent'; name: string }
  | { type: 'freeze' }

export type Decision = {
  by: Decider
  reason: string | null
  retry: Retry | null
  at: Date
}

export type CallbackStatus = 'none' | 'pending' | 'delivered' | 'failed'

/** How far the open stage has climbed its ladder. */
export type Escalation = {
  /** How many rungs were taken. */
  level: number
  /** When the next one is due; null where none is left in the time that remains. */
  next_at: Date | null
  /** Up to which share of the approval's time, in percent, its approvers were warned. */
  warned: number
  /** Whether an approver has moved the end. */
  extended: boolean
  /** Frozen time that the deadlines were given back, in milliseconds. */
  thawed_ms: number
}

/** Why an approved action may no longer run. */
export type Withdrawn = { by: Decider; reason: string | null; at: Date }

/** The one execution that used the permit, as the agent calls it. */
export type Consumed = { execution_id: string; at: Date }

export const outcomeStatuses = ['succeeded', 'failed', 'skipped'] as const

/** A sum of money as a decimal number in digits, so that nothing is rounded, in an ISO 4217 currency. */
export type Cost = { amount: string; currency: string }
export type Tokens = { input: number; output: number }

/** What an agent says came of an approved action; null where it said nothing. `error` is the agent's own words. */
export type ReportedOutcome = {
  status: (typeof outcomeStatuses)[number]
  error: string | null
  attempts: number | null
  duration_ms: number | null
  cost: Cost | null
  tokens: Tokens | null
}
/** What an action was changed to, by whoever changed it last. `digest` is that of the tool with these arguments. */
export type Edited = { arguments: JsonObject; digest: string; by: Person; note: string | null; at: Date }

/** One request for permission to take one action, as it is committed. */
export type Approval = Omit<Request, 'expires_in_ms' | 'allowed_decisions'> & {
  id: string
  agent: AskingAgent
  /** Null as long as nobody changed what the agent asked for. */
  edited: Edited | null
  status: Status
  /**
   * Grows when a click on the card as it was would mean something else: the next stage opened, the action was edited.
   * A click names the one that its card showed, and counts for no other. Not for an escalation, which leaves the
   * earlier card valid.
   */
  revision: number
  created_at: Date
  expires_at: Date
  decided_at: Date | null
  plan: Plan
  stages: StageState[]
  escalation: Escalation
  /** Why nobody can meet the open stage right now. */
  unreachable: string | null
  decision: Decision | null
  /** The freeze that it knows of; null while there is none. Whether one is in force is decided by those that there are. */
  freeze: { id: string; reason: string; at: Date } | null
  withdrawn: Withdrawn | null
  /** Slack user id → the revision that they last looked at as a whole. */
  details_opened: Record<string, number>
  /** Who is asked in particular and by whom; `roles` are those by which they may vote. It gives no right and takes none. */
  assigned: { to: Person; by: Person; roles: string[]; at: Date } | null
  /** Who says that they are looking at it. */
  on_it: { by: Person; at: Date } | null
  /** In the order in which they were asked. */
  questions: Question[]
  /** Once approved: a token that lets exactly the effective action run once. It is signed where the approval is saved. */
  permit: string | null
  consumed: Consumed | null
  outcome: (ReportedOutcome & { at: Date }) | null
  /** When the agent's owner was told that the policy's time for an outcome is over. */
  missed_at: Date | null
  callback: { status: CallbackStatus; attempts: number }
}

export function isTerminal(approval: Pick<Approval, 'status'>): boolean {
  return approval.status !== 'pending'
}

/** The index of the stage that waits for votes, or null when none does. The stage that was open when the approval ended no longer waits. */
export function openStage(approval: Approval): number | null {
  if (isTerminal(approval)) return null
  const index = approval.stages.findIndex((stage) => stage.status === 'open')
  return index < 0 ? null : index
}

/** The roles whose members may vote at a stage: its own and those it was escalated to. */
export function votingRoles({ roles, escalated_to }: Pick<StageState, 'roles' | 'escalated_to'>): string[] {
  return [...listed(roles), ...escalated_to]
}

/** The roles whose members have a say in an approval, at any of its stages. */
export function rolesIn(approval: Approval): string[] {
  return [...new Set(approval.stages.flatMap(votingRoles))]
}
