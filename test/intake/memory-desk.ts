import { isTerminal, type Approval } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import { open } from '../../src/approval/open.ts'
import type { Plan } from '../../src/approval/plan.ts'
import type { AgentDesk, KnownAgent } from '../../src/flow/agent-desk.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { permitClaims } from '../../src/approval/permit.ts'
import type { Run } from '../../src/approval/run.ts'
import { prospectsOf } from '../../src/flow/prospects.ts'
import { newId } from '../../src/platform/ids.ts'
import { publicJwk, readPermit, signPermit } from '../../src/platform/permit-token.ts'
import { createSeal } from '../../src/platform/seal.ts'
import { newSigningKey, openPrivate, readPublic } from '../../src/platform/signing-key.ts'
import { Unavailable } from '../../src/platform/unavailable.ts'

const plan: Plan = {
  policy_version: 1,
  rule: 'ask-platform',
  effect: 'require_approval',
  reason: null,
  stages: [{ roles: { any: ['platform'] }, approvals: 1 }],
  expires_in_ms: 3_600_000,
  valid_for_ms: 3_600_000,
  outcome_within_ms: null,
  on_timeout: 'expire',
  escalation: [],
  extend_ms: null,
  hours: {},
  editable: [],
  break_glass: false,
  require_details_opened: false,
  masked: [],
  require_reason: false,
  reject_reasons: [],
  require_on_behalf_of: false,
  separation_of_duties: { asker: true, owner: true, repeat: true },
  allowed_decisions: ['approve', 'reject'],
}

type Kept = { agent_id: string; approval: Approval; key: string | null; body_hash: string | null }

/**
 * The desk over the real lifecycle, with its rows in memory. `vote` is a click by a member of the role, `nextWait`
 * resolves once somebody waits, `away` makes it fail as it does without its database, and `loses_answers` as it does when
 * the connection breaks just after the work.
 */
export function memoryDesk(clock: Clock, agents: Map<string, KnownAgent>) {
  const rows: Kept[] = []
  const runs = new Map<string, Run>()
  const seal = createSeal(Buffer.alloc(32, 7))
  const pair = newSigningKey(seal)
  const listeners = new Set<() => void>()
  const waiters = new Set<symbol>()
  let onWait: (() => void) | null = null
  const state = { away: false, loses_answers: false }

  const reach = () => {
    if (state.away) throw new Unavailable('The database is away', { may_have_happened: false })
  }
  const answer = <T>(answered: T): T => {
    if (state.loses_answers) throw new Unavailable('The answer was lost', { may_have_happened: true })
    return answered
  }
  const row = (agent: KnownAgent, id: string) =>
    rows.find((kept) => kept.approval.id === id && kept.agent_id === agent.id)
  const apply = <I extends Input>(kept: Kept, input: I) => {
    const { next, reply } = decide(kept.approval, input, clock.now())
    kept.approval = next
    for (const listener of listeners) listener()
    return reply
  }

  const desk: AgentDesk = {
    async authenticate(api_key) {
      reach()
      return agents.get(api_key) ?? null
    },
    async open(agent, request, idempotency) {
      reach()
      const earlier = rows.find((kept) => kept.agent_id === agent.id && kept.key === idempotency?.key)
      if (idempotency !== null && earlier !== undefined) {
        return earlier.body_hash === idempotency.body_hash
          ? { kind: 'replayed', approval: earlier.approval }
          : { kind: 'key_reused' }
      }
      const now = clock.now()
      const { next: approval } = open(
        newId('apr', now),
        agent,
        request,
        plan,
        { faults: [], history: {} },
        now,
      )
      rows.push({
        agent_id: agent.id,
        approval,
        key: idempotency?.key ?? null,
        body_hash: idempotency?.body_hash ?? null,
      })
      return answer({ kind: 'opened', approval })
    },
    async foresee(agent, request, find) {
      reach()
      const now = clock.now()
      const { next: approval } = open(
        newId('apr', now),
        agent,
        request,
        plan,
        { faults: [], history: {} },
        now,
      )
      const tried = [{ rule: 'ask-platform', outcome: 'matched' as const, detail: null }]
      const prospects = await prospectsOf(approval, find, () => null, now)
      return { approval, tried, freeze: null, history: {}, prospects }
    },
    async find(agent, id) {
      reach()
      return row(agent, id)?.approval ?? null
    },
    async waitUntilDecided(agent, id, until, signal) {
      const kept = row(agent, id)
      if (kept === undefined) return null
      const woken = new AbortController()
      const look = () => {
        if (isTerminal(kept.approval)) woken.abort()
      }
      listeners.add(look)
      const waiter = Symbol(id)
      waiters.add(waiter)
      onWait?.()
      look()
      await clock.sleep(until, AbortSignal.any([signal, woken.signal]))
      waiters.delete(waiter)
      onWait?.()
      listeners.delete(look)
      return kept.approval
    },
    async list(agent, { status, run_id }, { limit, cursor }) {
      reach()
      const place = ({ created_at, id }: Approval) => [created_at.toISOString(), id].join(' ')
      const found = rows
        .filter(({ agent_id }) => agent_id === agent.id)
        .map(({ approval }) => approval)
        .filter(
          (one) => (status === null || one.status === status) && (run_id === null || one.run_id === run_id),
        )
        .sort((a, b) => (place(a) < place(b) ? 1 : -1))
        .filter(
          (one) => cursor === null || place(one) < [cursor.created_at.toISOString(), cursor.id].join(' '),
        )
      const data = found.slice(0, limit)
      const last = data.at(-1)
      const next =
        last !== undefined && found.length > limit ? { created_at: last.created_at, id: last.id } : null
      return { data, next }
    },
    async cancel(agent, id, reason) {
      reach()
      const kept = row(agent, id)
      if (kept === undefined) return { kind: 'not_found' }
      const reply = apply(kept, { type: 'cancel', by: { name: agent.name }, reason })
      return { kind: reply.counted ? 'cancelled' : 'already_decided', approval: kept.approval }
    },
    async consume(agent, { permit, execution_id, action_digest }) {
      reach()
      const keyOf = async (kid: string) => (kid === pair.kid ? readPublic(pair.public) : null)
      const kept = row(agent, (await readPermit(permit, keyOf)) ?? '')
      if (kept === undefined || kept.approval.permit !== permit) return { kind: 'not_a_permit' }
      const reply = apply(kept, { type: 'consume', by: agent, execution_id, action_digest })
      const { approval } = kept
      if (!reply.counted) return { kind: 'refused', because: reply.because, approval }
      return answer({ kind: 'consumed', approval, consumed: approval.consumed! })
    },
    async report(agent, id, outcome) {
      reach()
      const kept = row(agent, id)
      if (kept === undefined) return { kind: 'not_found' }
      const reply = apply(kept, { type: 'report_outcome', by: agent, outcome })
      const { approval } = kept
      return reply.counted
        ? { kind: 'reported', approval }
        : { kind: 'refused', because: reply.because, approval }
    },
    async answer(agent, id, given) {
      reach()
      const kept = row(agent, id)
      if (kept === undefined) return { kind: 'not_found' }
      const reply = apply(kept, { type: 'answer', by: agent, ...given })
      const { approval } = kept
      return reply.counted
        ? { kind: 'answered', approval }
        : { kind: 'refused', because: reply.because, approval }
    },
    async keepRun(agent, run_id, report) {
      reach()
      const run = { run_id, ...report, updated_at: clock.now() }
      runs.set(`${agent.id} ${run_id}`, run)
      return run
    },
    async permitKeys() {
      reach()
      return [publicJwk(pair.kid, pair.public)]
    },
  }

  return {
    desk,
    state,
    stored: () => rows.length + runs.size,
    /** A click, and the permit where that approves it. */
    async vote(id: string, vote: 'approve' | 'reject') {
      const kept = rows.find(({ approval }) => approval.id === id)
      if (kept === undefined) throw new Error(`There is no ${id}`)
      apply(kept, {
        type: 'vote',
        vote,
        by: { slack_user_id: 'U_CAROL', name: 'Carol' },
        stage: 0,
        revision: kept.approval.revision,
        comment: null,
        seen: null,
        membership: { readable: true, roles: ['platform'] },
      })
      const claims = permitClaims(kept.approval)
      const signer = { kid: pair.kid, key: openPrivate(seal, pair) }
      const permit = claims && (await signPermit({ iss: 'https://desk.example', ...claims }, signer))
      kept.approval = { ...kept.approval, permit }
    },
    /** Resolves once exactly this many requests wait for a decision. */
    async waiting(count: number) {
      while (waiters.size !== count) {
        await new Promise<void>((resolve) => {
          onWait = resolve
        })
      }
    },
  }
}
