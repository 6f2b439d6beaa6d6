import type { Logger } from 'pino'
import type { Person, Request } from '../approval/approval.ts'
import type { Clock } from '../platform/clock.ts'
import type { Seal } from '../platform/seal.ts'
import type { Signal } from '../platform/signal.ts'
import type { FindVoters } from '../flow/prospects.ts'
import type { Database } from '../store/database.ts'
import type { Which } from '../flow/redeliver.ts'
import { addAgent, agents } from './agents.ts'
import { pending, showApproval } from './approvals.ts'
import { deadJobs, retryJobs } from './dead-jobs.ts'
import { freeze, freezes, unfreeze } from './freeze.ts'
import { coverageOf, type LookUp } from './policy/look-up.ts'
import { reviewPolicy } from './policy/review.ts'
import { rollBackPolicy, savePolicy } from './policy/save.ts'
import { confirmProposal, refuseOutsider, rejectProposal } from './policy/decide.ts'
import { proposal, proposals, settleProposal } from './policy/proposals.ts'
import { testPolicy, type AskedTrial } from './policy/trial.ts'
import { policyVersion, policyVersions } from './policy/versions.ts'
import { installFirstPolicy } from './first-policy.ts'
import { redeliver } from './redeliver.ts'
import { rotateAgent } from './rotate.ts'
import { rotateKey, signingKeys } from './signing-keys.ts'
import { disableAgent, enableAgent } from './switch-agent.ts'

/** `work` is raised when jobs were written. */
export type AdminParts = {
  database: Database
  clock: Clock
  seal: Seal
  work: Signal
  /** Reads a request that somebody pasted, as an agent of this environment would have sent it. */
  readRequest: ReadRequest
}

export type ReadRequest = (
  text: string,
  environment: string,
) => { ok: true; value: Request } | { ok: false; faults: { pointer: string; detail: string }[] }

/** Who acts: a person from Slack, an operator with a shell on the machine, or this program itself. */
export type By = ({ type: 'human' } & Person) | { type: 'operator' } | { type: 'countersign' }

/** What admins do, once for Slack and for the shell. */
export function createAdmin(parts: AdminParts) {
  return {
    addAgent: (
      asked: { name: string; owner: string; environment: string },
      by: By,
      lookUp: LookUp | null = null,
    ) => addAgent(parts, asked, by, lookUp),
    rotateAgent: (asked: { name: string; overlap: string | null }, by: By) => rotateAgent(parts, asked, by),
    disableAgent: (asked: { name: string; reason: string | null }, by: By) => disableAgent(parts, asked, by),
    enableAgent: (asked: { name: string }, by: By) => enableAgent(parts, asked, by),
    agents: () => agents(parts),
    freeze: (asked: { agent: string | null; reason: string }, by: By) => freeze(parts, asked, by),
    unfreeze: (asked: { agent: string | null }, by: By) => unfreeze(parts, asked, by),
    freezes: () => freezes(parts),
    pending: (limit: number) => pending(parts, limit),
    showApproval: (id: string) => showApproval(parts, id),
    redeliver: (approval_id: string, which: Which, by: By) => redeliver(parts, approval_id, which, by),
    deadJobs: () => deadJobs(parts),
    retryJobs: (which: string, by: By) => retryJobs(parts, which, by),
    signingKeys: () => signingKeys(parts),
    rotateKey: (asked: { purpose: string; at_once: boolean }, by: By) => rotateKey(parts, asked, by),
    policyVersions: (limit: number) => policyVersions(parts, limit),
    policyVersion: (version: number | null) => policyVersion(parts, version),
    /** Where a document is judged, `lookUp` asks Slack about what it names. */
    reviewPolicy: (
      draft: Parameters<typeof reviewPolicy>[1],
      by: By,
      lookUp: LookUp,
      look_back: string | null = null,
    ) => reviewPolicy(parts, draft, by, lookUp, look_back),
    testPolicy: (asked: AskedTrial, find: FindVoters) => testPolicy(parts, asked, find),
    savePolicy: (asked: Parameters<typeof savePolicy>[1], by: By, lookUp: LookUp) =>
      savePolicy(parts, asked, by, lookUp),
    rollBackPolicy: (asked: Parameters<typeof rollBackPolicy>[1], by: By, lookUp: LookUp) =>
      rollBackPolicy(parts, asked, by, lookUp),
    coverage: (document: string, lookUp: LookUp) => coverageOf(parts, document, lookUp),
    proposals: () => proposals(parts),
    proposal: (number: number) => proposal(parts, number),
    settleProposal: (number: number) => settleProposal(parts, number),
    confirmProposal: (number: number, by: By) => confirmProposal(parts, number, by),
    rejectProposal: (asked: { number: number; reason: string | null }, by: By) =>
      rejectProposal(parts, asked, by),
    refuseOutsider: (number: number, click: 'confirm' | 'reject', by: By) =>
      refuseOutsider(parts, number, click, by),
    installFirstPolicy: (path: string, log: Logger) => installFirstPolicy(parts, path, log),
  }
}

export type Admin = ReturnType<typeof createAdmin>
