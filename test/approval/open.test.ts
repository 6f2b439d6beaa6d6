import { describe, expect, test } from '@jest/globals'
import type { Step } from '../../src/approval/decide.ts'
import type { Plan } from '../../src/approval/plan.ts'
import {
  agent,
  asker,
  factTypes,
  finance,
  minute,
  opening,
  owner,
  planOf,
  platform,
  remindAt,
  start,
} from './given.ts'

const untouched = { escalated_to: [], problems: {}, thawed_ms: 0, votes: [] }

describe('a request that needs approval', () => {
  test('waits with its first stage open and the others behind it', () => {
    const { next } = opening({ stages: [finance(2), platform()] })

    expect(next).toMatchObject({ status: 'pending', revision: 1, created_at: start, decided_at: null })
    expect(next.decision).toBeNull()
    expect(next.stages).toEqual([
      { ...finance(2), ...untouched, status: 'open', opened_at: start },
      { ...platform(), ...untouched, status: 'waiting', opened_at: null },
    ])
  })

  test.each<[string, Partial<Plan>, Step, Date]>([
    [
      'the first rung',
      { escalation: [remindAt(10), remindAt(20)] },
      { at: 'rung', stage: 0, level: 0 },
      minute(10),
    ],
    ['the first warning', { escalation: [remindAt(20)] }, { at: 'warning', percent: 50 }, minute(15)],
    ['the first warning without a ladder', {}, { at: 'warning', percent: 50 }, minute(15)],
    [
      'the rung, of two at once',
      { escalation: [remindAt(15)] },
      { at: 'rung', stage: 0, level: 0 },
      minute(15),
    ],
    [
      'the warning, of a rung at the end',
      { escalation: [remindAt(30)] },
      { at: 'warning', percent: 50 },
      minute(15),
    ],
  ])('is shown at its first stage, and the one timer is for what comes first: %s', (_, plan, step, at) => {
    const { effects } = opening({ stages: [finance(), platform()], ...plan })

    expect(effects).toEqual([{ do: 'show_cards' }, { do: 'set_timer', step, at }])
  })

  test('calls nobody back yet, also where it could', () => {
    const { next, effects } = opening({}, { callback_url: 'https://agent.example/hooks' })

    expect(effects.map((effect) => effect.do)).toEqual(['show_cards', 'set_timer'])
    expect(next.callback).toEqual({ status: 'none', attempts: 0 })
  })

  test('is recorded with what was asked, of whom, and how the policy came to it', () => {
    const { facts } = opening()

    expect(facts).toEqual([
      {
        type: 'approval.requested',
        actor: { type: 'agent', name: agent.name },
        data: {
          action: {
            tool: 'stripe.refund',
            arguments: { charge: 'ch_1', amount: 240 },
            summary: 'Refund $240 to order 1881',
            justification: 'Customer was charged twice',
          },
          action_digest: `sha256:${'5e'.repeat(32)}`,
          risk: 'medium',
          environment: 'production',
          on_behalf_of: asker.slack_user_id,
          owner: owner.slack_user_id,
          run_id: 'run_81',
          subject: { type: 'order', id: '1881', url: null },
          retry_of: null,
          expires_at: minute(30),
          plan: planOf(),
          evaluation: { faults: [], history: {} },
        },
      },
    ])
  })

  test.each([
    ['the policy’s time where the agent names none', null, minute(30)],
    ['the agent’s where that is shorter', 10 * 60_000, minute(10)],
    ['the policy’s where the agent asks for longer', 90 * 60_000, minute(30)],
  ])('ends after %s', (_, expires_in_ms, expires_at) => {
    expect(opening({}, { expires_in_ms }).next.expires_at).toEqual(expires_at)
  })
})

describe('a request that the policy decides', () => {
  const decided = [
    { effect: 'allow', status: 'approved' },
    { effect: 'deny', status: 'rejected' },
  ] as const

  test.each(decided)('by $effect is $status in the same moment, without a card', ({ effect, status }) => {
    const outcome = opening({ effect, stages: [], reason: 'Reads are free' })

    const by = { type: 'policy', version: 3, rule: 'refunds-over-100' }
    expect(outcome.next).toMatchObject({
      status,
      decided_at: start,
      stages: [],
      decision: { by, reason: 'Reads are free', retry: null, at: start },
    })
    expect(factTypes(outcome)).toEqual(['approval.requested', `approval.${status}`])
    expect(outcome.facts[1]?.actor).toEqual(by)
    expect(outcome.effects).toEqual([])
  })

  test.each(decided)('by $effect is called back where there is somebody to call', ({ effect, status }) => {
    const outcome = opening({ effect, stages: [] }, { callback_url: 'https://agent.example/hooks' })

    expect(outcome.effects).toEqual([{ do: 'call_back', type: `approval.${status}` }])
    expect(outcome.next.callback).toEqual({ status: 'pending', attempts: 0 })
  })

  test('by the document’s defaults names no rule', () => {
    const { next } = opening({ effect: 'deny', stages: [], rule: null })

    expect(next.decision?.by).toEqual({ type: 'policy', version: 3, rule: null })
  })
})
