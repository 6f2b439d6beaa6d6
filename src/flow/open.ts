import { open } from '../approval/open.ts'
import { concerns, freezeInForce, type Freeze } from '../approval/freeze.ts'
import { findMasks } from '../approval/masks.ts'
import type { AskingAgent, Request } from '../approval/approval.ts'
import { newId } from '../platform/ids.ts'
import { evaluate, type Ruling } from '../policy/index.ts'
import { openApproval } from '../store/open-approval.ts'
import { findByKey } from '../store/read-approvals.ts'
import { planOf, type PolicyInForce } from './current-policy.ts'
import { lookBack } from './judge.ts'
import type { FlowParts } from './flow.ts'
import type { Idempotency, KnownAgent, Opened } from './agent-desk.ts'
import { consequencesOf } from './record.ts'

/** A request becomes an approval, with its first audit events and jobs, in one commit. */
export async function openRequest(
  { database, clock, policy, permits, work }: FlowParts,
  agent: KnownAgent,
  request: Request,
  idempotency: Idempotency | null,
): Promise<Opened> {
  let inForce = await policy.remembered()
  // Ends: each round means that an admin changed something in between.
  for (;;) {
    const now = clock.now()
    const { epoch, policy: judging, permit_key } = inForce
    const asked = { ...request, agent }
    const freeze = freezeInForce(inForce.freezes.filter((one) => concerns(one, agent.id)))
    const { result, approval, consequences } = await openApproval(database, {
      epoch,
      idempotency,
      now,
      look: lookBack(judging.compiled, asked, now),
      async decide(history) {
        const ruling = evaluate(judging.compiled, asked, now, history)
        const opened = opening(judging, agent, request, ruling, now, freeze)
        const next = await permits.give(opened.next, permit_key)
        const { facts, effects } = opened
        return { approval: next, consequences: consequencesOf(judging, next, facts, effects, 1, now) }
      },
    })
    if (result === 'opened') {
      work.raise()
      const pending = consequences.callbacks.length > 0
      return {
        kind: 'opened',
        approval: pending ? approval : { ...approval, callback: { status: 'none', attempts: 0 } },
      }
    }
    if (result === 'key_taken' && idempotency) {
      const taken = await findByKey(database, agent.id, idempotency.key)
      if (taken)
        return taken.body_hash === idempotency.body_hash
          ? { kind: 'replayed', approval: taken.approval }
          : { kind: 'key_reused' }
    }
    inForce = await policy.inForce()
  }
}

/** The approval that a ruling makes of a request, with what follows from it. */
export function opening(
  policy: PolicyInForce,
  agent: AskingAgent,
  request: Request,
  { plan, faults, history }: Ruling,
  now: Date,
  freeze: Freeze | null,
): ReturnType<typeof open> {
  const whole = planOf(policy, plan, findMasks(request, policy.compiled.secrets))
  return open(newId('apr', now), agent, request, whole, { faults, history }, now, freeze)
}
