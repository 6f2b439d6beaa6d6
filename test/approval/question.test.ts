import { describe, expect, test } from '@jest/globals'
import { assert, integer, property } from 'fast-check'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { Refusal } from '../../src/approval/click.ts'
import type { AskInput } from '../../src/approval/question.ts'
import {
  after,
  agent,
  asker,
  basis,
  bob,
  cancel,
  deadline,
  factTypes,
  finance,
  human,
  mallory,
  minute,
  opened,
  owner,
  person,
  reject,
} from './given.ts'
import { answer, ask, question } from './answers-given.ts'
import { play, plans, stories } from './stories.ts'

const given = opened({ stages: [finance(2)] }, { callback_url: 'https://agent.example/hooks' })

describe('a question', () => {
  test('is kept, shown and sent to the agent', () => {
    const { next, facts, effects, reply } = decide(given, ask(bob), minute(1))
    expect(reply).toEqual({ counted: true })
    expect(next.questions).toEqual([
      { ...question, by: person(bob), stage: 0, roles: ['finance'], at: minute(1), answer: null },
    ])
    expect(facts).toEqual([
      {
        type: 'question.asked',
        actor: human(bob),
        data: {
          stage: 0,
          revision: 1,
          question_id: 'qst_1',
          text: question.text,
          roles: ['finance'],
          called: true,
        },
      },
    ])
    expect(effects).toEqual([
      { do: 'show_cards' },
      { do: 'call_back', type: 'approval.question', question: { ...question, by: person(bob) } },
    ])
  })

  test('to an agent that cannot be called is kept and shown', () => {
    const { facts, effects } = decide(opened(), ask(bob), minute(1))
    expect(facts).toMatchObject([{ data: { called: false } }])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test.each([bob, asker, owner])('may come from whoever is in the role: $name', (who) => {
    expect(decide(given, ask(who), minute(1)).reply).toEqual({ counted: true })
  })

  test('may be asked while it is frozen', () => {
    const freeze = { id: 'frz_1', agent_id: null, reason: 'a leak', at: minute(0), lifted_at: null }
    expect(decide(given, ask(bob), minute(1), [freeze]).reply).toEqual({ counted: true })
  })

  test('is first asked for in a form', () => {
    const { question: _, ...click } = ask(bob)
    const { next, facts, effects } = decide(given, { ...click, type: 'begin_ask' }, minute(1))
    expect([next, effects]).toEqual([given, []])
    expect(facts).toMatchObject([{ type: 'form.opened', data: { click: 'ask' } }])
  })

  const many = Array.from({ length: 20 }, (_, i) => ask(bob, { question: { id: `qst_${i}`, text: '?' } }))
  test.each<[Refusal, typeof given, AskInput]>([
    ['not_in_role', given, ask(mallory)],
    ['stale', given, ask(bob, { revision: 0 })],
    ['stale', given, ask(bob, { stage: 1 })],
    ['membership_unreadable', given, ask(bob, { membership: { readable: false, detail: 'ratelimited' } })],
    ['decided', after(given, reject(bob, 'no')), ask(bob)],
    ['asked_enough', after(given, ...many), ask(bob)],
  ])('is refused as %s, and the words are kept', (because, approval, input) => {
    const { next, facts, reply } = decide(approval, input, minute(25))
    expect([next, reply]).toEqual([approval, { counted: false, because }])
    expect(facts).toMatchObject([
      { type: 'click.refused', data: { click: 'ask', because, comment: question.text, seen: basis.seen } },
    ])
  })
})

describe('an answer', () => {
  const asked = after(given, ask(bob), ask(owner, { question: { id: 'qst_2', text: 'Why?' } }))

  test('is kept with its question, and shown', () => {
    const { next, facts, effects, reply } = decide(asked, answer('The second'), minute(3))
    expect(reply).toEqual({ counted: true })
    expect(next.questions).toMatchObject([
      { id: 'qst_1', answer: { text: 'The second', at: minute(3) } },
      { id: 'qst_2', answer: null },
    ])
    expect(facts).toEqual([
      {
        type: 'question.answered',
        actor: { type: 'agent', name: agent.name },
        data: { question_id: 'qst_1', text: 'The second' },
      },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('counts once: the same again changes nothing, also when all is over', () => {
    const answered = after(asked, answer('The second'))
    for (const known of [answered, after(answered, cancel)]) {
      const again = decide(known, answer('The second'), minute(4))
      expect([again.next, again.facts, again.effects, again.reply]).toEqual([
        known,
        [],
        [],
        { counted: true },
      ])
      expect(decide(known, answer('The first'), minute(4)).reply).toMatchObject({ because: 'answered' })
    }
  })

  test('is refused of another question, when all is decided, and when the time is up', () => {
    expect(decide(asked, answer('?', 'qst_3'), minute(3)).reply).toMatchObject({
      because: 'no_such_question',
    })
    const over = after(asked, cancel)
    expect(decide(over, answer('?'), minute(3))).toMatchObject({
      next: over,
      facts: [],
      reply: { because: 'decided' },
    })
    const late = decide(asked, answer('?'), deadline)
    expect(factTypes(late)).toEqual(['approval.expired'])
    expect(late.reply).toMatchObject({ because: 'decided' })
  })
})

test('whatever happens, a question and its answer change nothing but the questions', () => {
  assert(
    property(plans, stories, integer({ min: 0, max: 29 }), (plan, steps, at) => {
      const { last } = play(plan, steps)
      const now = minute(at)
      // What time does by itself it does as well without anybody who asks.
      const { next: before } = decide(last, { type: 'freeze_changed' }, now)
      const { revision } = before
      const stage = before.stages.findIndex(({ status }) => status === 'open')
      const all = ['finance', 'platform', 'sales']
      const inputs: Input[] = [
        ask(bob, { stage, revision, membership: { readable: true, roles: all } }),
        answer('The second'),
      ]
      let approval = before
      for (const input of inputs) {
        const { next, effects } = decide(approval, input, now)
        expect({ ...next, questions: [] }).toEqual({ ...before, questions: [] })
        expect(effects.some((effect) => effect.do === 'set_timer')).toBe(false)
        approval = next
      }
    }),
    { numRuns: 300 },
  )
})
