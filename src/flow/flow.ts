import type { Logger } from 'pino'
import type { Approval } from '../approval/approval.ts'
import type { AssignInput } from '../approval/assign.ts'
import type { BreakGlassInput } from '../approval/break-glass.ts'
import type { ClickInput } from '../approval/click.ts'
import type { DetailsFailed, DetailsInput } from '../approval/details.ts'
import type { Step } from '../approval/decide.ts'
import type { CallbackTry } from '../approval/events.ts'
import type { ExtendInput } from '../approval/extend.ts'
import type { OnItInput } from '../approval/on-it.ts'
import type { ReachInput } from '../approval/reach.ts'
import type { RevokeInput } from '../approval/revoke.ts'
import type { VoteInput } from '../approval/vote.ts'
import type { Clock } from '../platform/clock.ts'
import type { Seal } from '../platform/seal.ts'
import type { Signal } from '../platform/signal.ts'
import type { Database } from '../store/database.ts'
import { findApproval, listPending, type Concerned } from '../store/read-approvals.ts'
import { findFreeze } from '../store/freezes.ts'
import { rememberSignature } from '../store/signatures.ts'
import { ensureJob } from '../store/add-jobs.ts'
import { countRepairs } from '../store/auditor.ts'
import { auditorRound } from './auditor.ts'
import { cancelWaiting, type AgentDisabled } from './agent-disabled.ts'
import { authenticate } from './authenticate.ts'
import { dueCallback, recordCallbackTry, type DueCallback } from './callbacks.ts'
import { createHomes } from './homes.ts'
import { createMessages } from './messages.ts'
import { change } from './change.ts'
import { createCurrentPolicy, type CurrentPolicy } from './current-policy.ts'
import type { Decided } from './decided.ts'
import { editAction } from './edit.ts'
import type { Wanted } from './edited-arguments.ts'
import type { AgentDesk } from './agent-desk.ts'
import { createFloods } from './floods.ts'
import { foresee } from './foresee.ts'
import { openRequest } from './open.ts'
import { consumePermit, reportOutcome } from './execution.ts'
import { createPermits, type Permits } from './permits.ts'
import { answerQuestion, ask, type Asking } from './questions.ts'
import { findEarlier, findOwn, listOwn, waitUntilDecided } from './read.ts'
import { keepRun } from '../store/runs.ts'
import { sweep } from './sweep.ts'

/** What the functions of this room work with. `work` is raised when jobs were written. */
export type FlowParts = {
  database: Database
  clock: Clock
  seal: Seal
  work: Signal
  decided: Decided
  policy: CurrentPolicy
  permits: Permits
  log: Logger
}

/** @param issuer this service's own address, which every permit names */
export function createFlow({ issuer, ...parts }: Omit<FlowParts, 'policy' | 'permits'> & { issuer: string }) {
  const permits = createPermits({ ...parts, issuer })
  const all: FlowParts = { ...parts, permits, policy: createCurrentPolicy(parts.database) }
  const { database, clock } = all
  const agents: AgentDesk = {
    authenticate: (api_key) => authenticate(database, clock, api_key),
    open: (agent, request, idempotency) => openRequest(all, agent, request, idempotency),
    foresee: (agent, request, find) => foresee(all, agent, request, find),
    find: (agent, id) => findOwn(all, agent, id),
    waitUntilDecided: (agent, id, until, signal) => waitUntilDecided(all, agent, id, until, signal),
    list: (agent, filter, page) => listOwn(all, agent, filter, page),
    async cancel(agent, id, reason) {
      const changed = await change(all, id, ({ approval }) =>
        approval.agent.id === agent.id ? { type: 'cancel', by: agent, reason } : null,
      )
      if (!changed) return { kind: 'not_found' }
      return { kind: changed.reply.counted ? 'cancelled' : 'already_decided', approval: changed.approval }
    },
    consume: (agent, asked) => consumePermit(all, agent, asked),
    report: (agent, id, outcome) => reportOutcome(all, agent, id, outcome),
    answer: (agent, id, answer) => answerQuestion(all, agent, id, answer),
    keepRun: (agent, run_id, run) => keepRun(database, agent.id, run_id, run, clock.now()),
    permitKeys: permits.publicKeys,
  }
  return {
    /** What agents can have done. */
    agents,
    policy: all.policy,
    permits,
    find: (id: string) => findApproval(database, id),
    /** The request that another is a new attempt of, as its agent says; null where it has made none of that id. */
    earlier: (approval: Approval) => findEarlier(all, approval),
    /** What waits for a decision and concerns somebody, the nearest deadline first. */
    pending: (concerned: Concerned, limit: number) => listPending(database, concerned, limit),
    vote: (id: string, vote: VoteInput) => change(all, id, vote),
    /** A timer's moment has come. */
    timeIsUp: (id: string, step: Step) => change(all, id, { type: 'time_is_up', step }),
    extend: (id: string, click: Omit<ExtendInput, 'type'>) => change(all, id, { type: 'extend', ...click }),
    /** Somebody reads all of a request; and that Slack did not show it to them. */
    openDetails: (id: string, click: Omit<DetailsInput, 'type'>) =>
      change(all, id, { type: 'open_details', ...click }),
    detailsFailed: (id: string, failed: Omit<DetailsFailed, 'type'>) =>
      change(all, id, { type: 'details_failed', ...failed }),
    /** Somebody asks the agent something, or is about to. */
    ask: (id: string, asking: Asking) => ask(all, id, asking),
    assign: (id: string, click: AssignInput) => change(all, id, click),
    onIt: (id: string, click: OnItInput) => change(all, id, click),
    revoke: (id: string, click: RevokeInput) => change(all, id, click),
    breakGlass: (id: string, click: BreakGlassInput) => change(all, id, click),
    /** Somebody wants to edit, and has to be shown a form. */
    beginEdit: (id: string, click: ClickInput) => change(all, id, { type: 'begin_edit', ...click }),
    edit: (id: string, click: ClickInput, wanted: Wanted, note: string | null) =>
      editAction(all, id, click, wanted, note),
    /** Says whether anybody of a role can meet a stage. */
    reach: (id: string, found: Omit<ReachInput, 'type'>) => change(all, id, { type: 'reach', ...found }),
    messages: createMessages(all),
    floods: createFloods(all),
    homes: createHomes(all),
    dueCallback: (id: string) => dueCallback(all, id),
    recordCallbackTry: (callback: DueCallback, tried: CallbackTry) => recordCallbackTry(all, callback, tried),
    /** Cancels what a disabled agent waits for; true where there may be more. */
    cancelWaiting: (disabled: AgentDisabled) => cancelWaiting(all, disabled),
    /** Brings approvals in line with a freeze; true where there may be more. */
    sweep: (freeze_id: string) => sweep(all, freeze_id),
    freeze: (id: string) => findFreeze(database, id),
    /** Sees to it that the auditor's rounds go on, in whichever replica. */
    startAuditor: () => ensureJob(database, 'auditor', 'auditor', clock.now()),
    /** The same of the showing of checkpoints. */
    startCheckpoints: () => ensureJob(database, 'checkpoint', 'checkpoint', clock.now()),
    auditorRound: () => auditorRound(all),
    /** How many gaps the auditor ever found. */
    countRepairs: () => countRepairs(database),
    /** False where a request with this signature was accepted before. */
    acceptOnce: (signature: string, forget_before: Date) =>
      rememberSignature(database, signature, clock.now(), forget_before),
  }
}

export type Flow = ReturnType<typeof createFlow>
