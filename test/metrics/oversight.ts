import { isTerminal, openStage, type Approval, type Status } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { CallbackTry, Fact } from '../../src/approval/events.ts'
import { nextMoment } from '../../src/approval/ladder.ts'
import { open } from '../../src/approval/open.ts'
import { eventRows } from '../../src/flow/record.ts'
import { appendEvents } from '../../src/store/append-events.ts'
import { changeApproval } from '../../src/store/change-approval.ts'
import type { Database } from '../../src/store/database.ts'
import {
  bob,
  carol,
  dora,
  erin,
  escalateAt,
  finance,
  mallory,
  minute,
  person,
  planOf,
  platform,
  remindAt,
  requestOf,
} from '../approval/given.ts'
import { openDecided } from '../store/open-decided.ts'

/** Numbers from 0 to 1 that are the same on every run (T. Ettinger's mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What there was in the end, and what happened to it that its row does not tell. */
export type Lived = {
  approval: Approval
  escalations: { stage: number; at: Date }[]
  callbacks: { status: CallbackTry['callback_status']; at: Date }[]
}

const people = [bob, bob, bob, dora, carol, erin, mallory]
const agents = ['refund-bot', 'deploy-bot', 'mail-bot'].map((name, nth) => ({
  id: `agt_${nth}`,
  name,
  owner: 'U_OLAF',
}))
const tools = ['stripe.refund', 'k8s.scale', 'mail.send', 'sql.execute']
const plans = [
  { stages: [finance()] },
  {
    stages: [finance()],
    escalation: [remindAt(4), escalateAt(8, 'platform')],
    on_timeout: 'reject' as const,
  },
  { stages: [finance(), platform()], escalation: [escalateAt(5, 'sales')] },
  { stages: [{ roles: { all: ['finance', 'platform'] }, approvals: 2 }] },
  { effect: 'allow' as const, stages: [] },
  { effect: 'deny' as const, stages: [] },
]

/**
 * So many requests in so many days, and what people, time and agents make of them: each step by the product's own core, and written by
 * its own store, in the order of time.
 */
export async function liveThrough(
  database: Database,
  { seed, requests, days }: { seed: number; requests: number; days: number },
): Promise<Lived[]> {
  const roll = dice(seed)
  const pick = <T>(all: readonly T[]) => all[Math.floor(roll() * all.length)]!
  const minutes = (mean: number) => -Math.log(1 - roll()) * mean * 60_000
  const later = (at: Date, ms: number) => new Date(Math.round(at.getTime() + ms))
  const queue: { at: Date; act: () => Promise<void> }[] = []
  const plan = (at: Date, act: () => Promise<void>) => void queue.push({ at, act })
  const all: Lived[] = []
  const { rows } = await database.pool.query<{ epoch: number }>('select epoch from desk')
  const epoch = rows[0]!.epoch

  async function request(nth: number, at: Date) {
    const [agent, tool, changes] = [pick(agents), pick(tools), pick(plans)]
    const action = { tool, arguments: {}, summary: null, justification: null }
    const asked = requestOf({ action, on_behalf_of: null })
    const { next, facts } = open(
      `apr_${seed}_${nth}`,
      agent,
      asked,
      planOf(changes),
      { faults: [], history: {} },
      at,
    )
    const consequences = { events: eventRows(next.id, facts, 1, at), jobs: [], callbacks: [], readers: null }
    await openDecided(database, epoch, { approval: next, consequences })
    const lived: Lived = { approval: next, escalations: [], callbacks: [] }
    all.push(lived)
    goOn(lived, at)
    if (roll() < 0.9) human(lived, later(at, minutes(6)))
    // Some click faster than anybody reads.
    else if (roll() < 0.5) human(lived, later(at, roll() * 9_000))
  }

  function goOn(lived: Lived, at: Date) {
    const moment = nextMoment(lived.approval)
    if (moment)
      plan(new Date(Math.max(at.getTime(), moment.at.getTime())), () =>
        put(lived, { type: 'time_is_up', step: moment.step }, moment.at),
      )
    if (isTerminal(lived.approval)) afterwards(lived, at)
  }

  function human(lived: Lived, at: Date) {
    plan(at, async () => {
      const { approval } = lived
      if (isTerminal(approval)) return
      const by = pick(people)
      const vote = roll() < (by === bob ? 0 : 0.2) ? 'reject' : 'approve'
      const click = {
        by: person(by),
        stage: openStage(approval) ?? 0,
        revision: approval.revision,
        seen: null,
      }
      const membership = { readable: true as const, roles: by.roles }
      if (roll() < 0.03) await put(lived, { type: 'cancel', by: approval.agent, reason: null }, at)
      else await put(lived, { type: 'vote', vote, comment: null, ...click, membership }, at)
      human(lived, later(at, minutes(4)))
    })
  }

  async function put(lived: Lived, input: Input, at: Date) {
    await changeApproval(
      database,
      lived.approval.id,
      () => at,
      ({ approval, next_seq }) => {
        const { next, facts } = decide(approval, input, at)
        note(lived, facts, at)
        const events = eventRows(approval.id, facts, next_seq, at)
        const moved = next.status !== lived.approval.status || input.type === 'time_is_up'
        lived.approval = next
        if (moved) goOn(lived, at)
        return {
          write: { next, consequences: { events, jobs: [], callbacks: [], readers: null } },
          result: null,
        }
      },
    )
  }

  function note(lived: Lived, facts: Fact[], at: Date) {
    for (const { type, data } of facts)
      if (type === 'step.escalated') lived.escalations.push({ stage: data.stage, at })
  }

  function afterwards(lived: Lived, at: Date) {
    const { approval } = lived
    if (approval.status !== 'approved' || approval.outcome !== null || roll() < 0.3) return
    const by = approval.agent
    if (roll() < 0.5)
      plan(later(at, minutes(1)), async () =>
        put(
          lived,
          { type: 'consume', by, execution_id: 'e', action_digest: approval.action_digest },
          later(at, 60_000),
        ),
      )
    const status = pick(['succeeded', 'succeeded', 'failed', 'skipped'] as const)
    const amount = (roll() * 3).toFixed(6)
    const cost = roll() < 0.7 ? { amount: String(Number(amount)), currency: pick(['USD', 'EUR']) } : null
    const attempts = roll() < 0.5 ? 1 + Math.floor(roll() * 3) : null
    const reported = { status, error: null, attempts, duration_ms: null, cost, tokens: null }
    const when = later(at, minutes(5) + 60_000)
    plan(when, () => put(lived, { type: 'report_outcome', by, outcome: reported }, when))
    const tried = later(at, minutes(2))
    plan(tried, () => callback(lived, pick(['pending', 'delivered', 'delivered', 'failed'] as const), tried))
  }

  async function callback(lived: Lived, callback_status: CallbackTry['callback_status'], at: Date) {
    lived.callbacks.push({ status: callback_status, at })
    const data = {
      callback_id: 'msg_1',
      attempt: 1,
      outcome: 'retry' as const,
      status: null,
      error: null,
      address: null,
      duration_ms: 12,
      callback_status,
      next_at: null,
    }
    const fact: Fact = { type: 'callback.tried', actor: { type: 'countersign' }, data }
    await appendEvents(
      database,
      lived.approval.id,
      () => at,
      (seq, written) => ({
        events: eventRows(lived.approval.id, [fact], seq, written),
      }),
    )
  }

  for (let nth = 0; nth < requests; nth++) {
    const at = later(minute(0), roll() * days * 86_400_000)
    plan(at, () => request(nth, at))
  }
  while (queue.length > 0) {
    queue.sort((a, b) => b.at.getTime() - a.at.getTime())
    await queue.pop()!.act()
  }
  return all
}

export function endedAs(all: readonly Lived[], status: Status, by: string): Lived[] {
  return all.filter(({ approval }) => approval.status === status && approval.decision?.by.type === by)
}
