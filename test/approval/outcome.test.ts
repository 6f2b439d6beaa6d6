import { describe, expect, test } from '@jest/globals'
import type { Approval, ReportedOutcome } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { Freeze } from '../../src/approval/freeze.ts'
import { awaited, nextMoment } from '../../src/approval/ladder.ts'
import type { OutcomeInput } from '../../src/approval/outcome.ts'
import { outcomeFigures } from '../../src/approval/outcome-words.ts'
import { shape } from '../../src/approval/shape.ts'
import {
  after,
  agent,
  approve,
  bob,
  cancel,
  deadline,
  minute,
  opened,
  opening,
  reject,
  timerOf,
} from './given.ts'

const succeeded: ReportedOutcome = {
  status: 'succeeded',
  error: null,
  attempts: 1,
  duration_ms: 1_240,
  cost: { amount: '0.42', currency: 'USD' },
  tokens: { input: 1_200, output: 80 },
}

function report(changes: Partial<ReportedOutcome> = {}): OutcomeInput {
  return { type: 'report_outcome', by: { name: agent.name }, outcome: { ...succeeded, ...changes } }
}

const approved = after(opened(), approve(bob))
const reported = decide(approved, report(), minute(3)).next
const frozen: Freeze = { id: 'frz_1', agent_id: null, reason: 'a leak', at: minute(2), lifted_at: null }
const withdrawn = decide(approved, { type: 'freeze_changed' }, minute(3), [frozen]).next

describe('an outcome', () => {
  test('is kept and shown, with an event of the agent, and the cards say so', () => {
    const outcome = decide(approved, report(), minute(3))
    expect(outcome).toMatchObject({
      reply: { counted: true },
      effects: [{ do: 'show_cards' }],
      facts: [
        {
          type: 'outcome.reported',
          actor: { type: 'agent', name: 'refund-bot' },
          data: { ...succeeded, execution_id: null },
        },
      ],
    })
    expect(shape(outcome.next).outcome).toEqual({ ...succeeded, at: minute(3) })
    expect(outcome.next.status).toBe('approved')
  })

  test('names the execution that had used the permit', () => {
    const { action_digest } = approved
    const consumed = decide(
      approved,
      { type: 'consume', by: agent, execution_id: 'exec_7', action_digest },
      minute(2),
    ).next
    expect(decide(consumed, report(), minute(3)).facts).toMatchObject([{ data: { execution_id: 'exec_7' } }])
  })

  test('of what the policy allowed changes no card: there is none', () => {
    const allowed = opening({ effect: 'allow', stages: [] }).next
    expect(decide(allowed, report(), minute(1)).effects).toEqual([])
  })

  test('reported again counts, and changes nothing', () => {
    const again = decide(reported, report(), minute(9))
    expect(again).toEqual({ next: reported, facts: [], effects: [], reply: { counted: true } })
  })

  test.each<[string, Partial<ReportedOutcome>]>([
    ['status', { status: 'failed' }],
    ['error', { error: 'odd' }],
    ['number of attempts', { attempts: 2 }],
    ['duration', { duration_ms: null }],
    ['amount', { cost: { amount: '0.43', currency: 'USD' } }],
    ['currency', { cost: { amount: '0.42', currency: 'EUR' } }],
    ['cost', { cost: null }],
    ['number of tokens', { tokens: { input: 1_200, output: 81 } }],
  ])('with another %s is refused after the first', (_name, changes) => {
    const { next, facts, reply } = decide(reported, report(changes), minute(9))
    expect(reply).toEqual({ counted: false, because: 'outcome_reported' })
    expect(next).toBe(reported)
    expect(facts).toEqual([])
  })

  test.each<[string, Approval, number]>([
    ['waits', opened(), 3],
    ['was rejected', after(opened(), reject(bob, 'no')), 3],
    ['was cancelled', after(opened(), cancel), 3],
    ['has expired, though its timer is late', opened(), 30],
  ])('of what %s is refused: nothing was to be run', (_name, approval, at) => {
    const outcome = decide(approval, report(), minute(at))
    expect(outcome.reply).toEqual({ counted: false, because: 'not_approved' })
    expect(outcome.next.outcome).toBeNull()
  })

  test.each<[string, Approval, number]>([
    ['what was withdrawn', withdrawn, 5],
    ['what is past its time', approved, 500],
  ])('of %s is kept: above all what should not have run must be known', (_name, approval, at) => {
    for (const status of ['succeeded', 'failed', 'skipped'] as const)
      expect(decide(approval, report({ status }), minute(at)).next.outcome?.status).toBe(status)
  })
})

describe('where the policy says by when an outcome must be there', () => {
  const within = { outcome_within_ms: 600_000 }
  const waiting = opened(within)
  const decided = decide(waiting, approve(bob), minute(1))
  const running = decided.next
  const step = { at: 'outcome' } as const
  const timeIsUp: Input = { type: 'time_is_up', step }

  test('approving sets a timer for it, by people as by the policy', () => {
    expect(timerOf(decided)).toEqual({ step, at: minute(11) })
    expect(timerOf(opening({ ...within, effect: 'allow', stages: [] }))).toEqual({ step, at: minute(10) })
    expect(nextMoment(running)).toEqual({ step, at: minute(11) })
    expect(awaited(running, step)).toEqual(minute(11))
  })

  test('the agent’s owner is told once, and nothing comes after it', () => {
    const { next, facts, effects } = decide(running, timeIsUp, minute(12))
    expect(facts).toEqual([
      {
        type: 'outcome.missed',
        actor: { type: 'timeout' },
        data: { execution_id: null, lateness_ms: 60_000 },
      },
    ])
    expect(effects).toEqual([])
    expect(nextMoment(next)).toBeNull()
    expect(decide(next, timeIsUp, minute(13)).next).toBe(next)
    expect(decide(next, report(), minute(13)).reply.counted).toBe(true)
  })

  test('a timer that comes too early changes nothing, and may come again', () => {
    expect(decide(running, timeIsUp, minute(10)).next).toBe(running)
    expect(awaited(running, step)).toEqual(minute(11))
  })

  test.each<[string, Approval]>([
    ['once it was reported', decide(running, report(), minute(3)).next],
    ['once it was withdrawn', decide(running, { type: 'freeze_changed' }, minute(3), [frozen]).next],
    ['of what was rejected', decide(waiting, reject(bob, 'no'), minute(1)).next],
    ['where the policy does not say so', approved],
    [
      'where the plan is of a time without this term',
      { ...running, plan: { ...running.plan, outcome_within_ms: undefined as never } },
    ],
  ])('none is awaited %s', (_name, approval) => {
    expect(nextMoment(approval)).toBeNull()
    expect(awaited(approval, step)).toBeNull()
    expect(decide(approval, timeIsUp, minute(500)).next).toBe(approval)
  })

  test('none is awaited of what waits: its time is not up for that', () => {
    expect(decide(waiting, timeIsUp, minute(20)).facts).toEqual([])
    expect(nextMoment(waiting)?.step.at).not.toBe('outcome')
    expect(decide(waiting, timeIsUp, deadline).next.status).toBe('expired')
  })

  test('what has begun to run is missed under a freeze too: only what waits stands still', () => {
    const { action_digest } = running
    const consume = { type: 'consume', by: agent, execution_id: 'exec_1', action_digest } as const
    const begun = decide(running, consume, minute(2)).next
    const freezes = [{ ...frozen, at: minute(3) }]
    expect(decide(begun, timeIsUp, minute(11), freezes).facts).toMatchObject([
      { type: 'outcome.missed', data: { execution_id: 'exec_1' } },
    ])
  })
})

test.each<[Partial<ReportedOutcome>, string]>([
  [{}, '1 attempt, 1.2 s, 0.42 USD, 1200 tokens in, 80 out'],
  [{ attempts: 3, duration_ms: 80, cost: null, tokens: null }, '3 attempts, 80 ms'],
  [{ attempts: null, duration_ms: 5_400_000, cost: null, tokens: null }, '1 h 30 min'],
  [{ attempts: null, duration_ms: 119_999, cost: null, tokens: null }, '2 min'],
  [{ attempts: null, duration_ms: null, cost: null, tokens: null }, ''],
])('the figures of an outcome are read as they are meant', (changes, words) => {
  expect(outcomeFigures({ ...succeeded, ...changes }).join(', ')).toBe(words)
})
