import type { Approval, Request } from '../approval/approval.ts'
import { concerns, freezeInForce, type Freeze } from '../approval/freeze.ts'
import { pastOf, type Past } from '../store/history.ts'
import type { KnownAgent } from './agent-desk.ts'
import type { PolicyInForce } from './current-policy.ts'
import type { FlowParts } from './flow.ts'
import { judge } from './judge.ts'
import { opening } from './open.ts'
import { prospectsOf, type FindVoters, type Prospects } from './prospects.ts'

/**
 * A rule that was asked, in the policy's order. One whose condition failed says why, as does one that was passed over: it
 * allows, and after a failed condition nothing may be allowed.
 */
export type Tried = {
  rule: string
  outcome: 'matched' | 'not_matched' | 'failed' | 'passed_over'
  detail: string | null
}

/** What would become of a request. */
export type Foreseen = {
  /** As it would be right after it was asked for. Its id is made up. */
  approval: Approval
  /** The rules up to the one that decides; all of them where the defaults do. */
  tried: Tried[]
  freeze: Freeze | null
  /** What the rules could see of the past, null where it was not known. */
  history: Record<string, number | null>
  /** Whether those who are there could decide about it, and what comes if they do not. No stages where nobody is asked. */
  prospects: Prospects
}

/** What would become of a request if its agent asked for it now. Nothing is stored. */
export async function foresee(
  { policy, database, clock }: FlowParts,
  agent: KnownAgent,
  request: Request,
  find: FindVoters,
): Promise<Foreseen> {
  const { policy: judging, freezes } = await policy.inForce()
  const freeze = freezeInForce(freezes.filter((one) => concerns(one, agent.id)))
  return foreseeBy(judging, { agent, request, now: clock.now(), past: pastOf(database), freeze }, find)
}

/** A request as it could be judged at some moment, with the past and the freeze that there were then. */
export type Supposed = {
  agent: Omit<KnownAgent, 'disabled'>
  request: Request
  now: Date
  past: Past
  freeze: Freeze | null
}

/** The same by any policy. Who could vote is as it is now. */
export async function foreseeBy(
  judging: PolicyInForce,
  { agent, request, now, past, freeze }: Supposed,
  find: FindVoters,
): Promise<Foreseen> {
  const ruling = await judge(judging.compiled, { ...request, agent }, now, past)
  const { next } = opening(judging, agent, request, ruling, now, freeze)
  const details = new Map(ruling.faults.map(({ rule, detail }) => [rule, detail]))
  const tried = ruling.tried.map(({ rule, matched }): Tried => {
    const detail = details.get(rule) ?? null
    if (matched === 'failed') return { rule, outcome: 'failed', detail }
    if (matched) return { rule, outcome: 'matched', detail }
    return { rule, outcome: detail === null ? 'not_matched' : 'passed_over', detail }
  })
  const prospects = await prospectsOf(next, find, judging.role, now)
  return { approval: next, tried, freeze, history: ruling.history, prospects }
}
