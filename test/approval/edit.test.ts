import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { Refusal } from '../../src/approval/click.ts'
import type { EditInput } from '../../src/approval/edit.ts'
import { shape } from '../../src/approval/shape.ts'
import { asked, digestOf, edit, editing } from './edit-given.ts'
import {
  after,
  approve,
  asker,
  bob,
  carol,
  deadline,
  dora,
  erin,
  escalateAt,
  extend,
  factTypes,
  finance,
  human,
  mallory,
  minute,
  opened,
  owner,
  person,
  platform,
  reject,
  remindAt,
  requireAt,
  rungTimer,
  second,
  seen,
  timerOf,
} from './given.ts'

const one = opened(editing)
const two = opened({ ...editing, stages: [finance(2)] })
const both = opened({ ...editing, stages: [finance(), platform()] })
const less = { amount: 200 }

describe('an edit', () => {
  test('approves what it makes of the action, and the agent gets both and the difference', () => {
    const outcome = decide(
      one,
      edit(bob, { amount: 200, note: 'half' }, { note: 'one item was kept' }),
      minute(1),
    )
    expect(outcome.reply).toEqual({ counted: true })
    expect(factTypes(outcome)).toEqual(['action.edited', 'vote.cast', 'stage.met', 'approval.approved'])
    expect(outcome.effects).toEqual([{ do: 'show_cards' }])
    expect(shape(outcome.next)).toMatchObject({
      status: 'approved',
      action: { arguments: asked },
      action_digest: digestOf(asked),
      decision: { by: human(bob), reason: 'one item was kept' },
      stages: [{ votes: [{ by: person(bob), comment: 'one item was kept' }] }],
      effective_action: {
        tool: 'stripe.refund',
        arguments: { ...asked, amount: 200, note: 'half' },
        digest: digestOf({ ...asked, amount: 200, note: 'half' }),
        edited: true,
        changes: [
          { path: '/amount', from: 240, to: 200 },
          { path: '/note', to: 'half' },
        ],
      },
    })
  })

  test('is in the audit with what was, what is, and whose approvals count no more', () => {
    const outcome = decide(after(two, approve(bob)), edit(dora, less, { note: 'too much' }), minute(2))
    expect(outcome.facts[0]).toEqual({
      type: 'action.edited',
      actor: human(dora),
      data: {
        stage: 0,
        revision: 1,
        seen,
        note: 'too much',
        original_digest: digestOf(asked),
        from_digest: digestOf(asked),
        to_digest: digestOf({ ...asked, ...less }),
        changes: [{ path: '/amount', from: 240, to: 200 }],
        voided: [person(bob)],
        plan: outcome.next.plan,
        evaluation: { faults: [], history: {} },
        expires_at: deadline,
      },
    })
  })

  test('voids what was approved before: only who approves what it is now counts', () => {
    const edited = after(two, approve(bob), edit(dora, less))
    expect(edited).toMatchObject({ status: 'pending', revision: 2, decision: null })
    expect(edited.stages[0]?.votes.map(({ by }) => by)).toEqual([person(dora)])
    expect(decide(edited, approve(bob), minute(3)).reply).toMatchObject({ because: 'stale' })
    expect(decide(edited, approve(dora, { revision: 2 }), minute(3)).reply).toMatchObject({
      because: 'voted_already',
    })
    expect(decide(edited, approve(bob, { revision: 2 }), minute(3)).next.status).toBe('approved')
  })

  test('begins anew with the first stage; who edited at a later one has approved that', () => {
    const outcome = decide(after(both, approve(bob)), edit(carol, less, second), minute(2))
    expect(outcome.next).toMatchObject({
      status: 'pending',
      revision: 3,
      stages: [
        { status: 'open', opened_at: minute(2), votes: [] },
        { status: 'waiting', opened_at: minute(1), votes: [{ by: person(carol) }] },
      ],
    })
    const approved = decide(outcome.next, approve(bob, { revision: 3 }), minute(3))
    expect(factTypes(approved)).toEqual(['vote.cast', 'stage.met', 'stage.met', 'approval.approved'])
    expect(approved.next.decision?.by).toEqual(human(bob))
  })

  test('who edited at a later stage counts as having voted there, and not twice', () => {
    const edited = after(
      both,
      approve(bob),
      edit(erin, less, { ...second, membership: { readable: true, roles: ['platform'] } }),
    )
    expect(decide(edited, approve(erin, { revision: 3 }), minute(3)).reply).toMatchObject({
      because: 'voted_in_earlier_stage',
    })
  })

  test('can follow an edit, and is one from the latest; the difference is from what was asked', () => {
    const edited = after(two, edit(bob, less), edit(dora, { amount: 210, note: 'x' }, { revision: 2 }))
    expect(edited.revision).toBe(3)
    expect(edited.edited?.by).toEqual(person(dora))
    const approved = after(edited, approve(bob, { revision: 3 }))
    expect(shape(approved).effective_action?.changes).toEqual([
      { path: '/amount', from: 240, to: 210 },
      { path: '/note', to: 'x' },
    ])
  })

  test('back to what was asked is no edit to the agent', () => {
    const back = after(two, edit(bob, less), edit(dora, {}, { revision: 2 }), approve(bob, { revision: 3 }))
    expect(shape(back).effective_action).toMatchObject({
      arguments: asked,
      digest: digestOf(asked),
      edited: false,
    })
    expect(shape(back).effective_action).not.toHaveProperty('changes')
  })

  test('the click alone changes nothing but that it was made', () => {
    const { arguments: _, digest: __, plan: ___, evaluation: ____, note: _____, ...click } = edit(bob, less)
    const outcome = decide(one, { ...click, type: 'begin_edit' }, minute(1))
    expect(outcome.next).toBe(one)
    expect(factTypes(outcome)).toEqual(['form.opened'])
  })
})

describe('more people', () => {
  test('are asked where the policy wants them for what it became', () => {
    const ruled = { rule: 'big-refunds', stages: [finance(2), platform()], policy_version: 4 }
    const { next } = decide(one, edit(bob, { amount: 5_000 }, {}, ruled), minute(1))
    expect(next).toMatchObject({
      status: 'pending',
      plan: { rule: 'big-refunds', policy_version: 4, stages: ruled.stages },
      stages: [
        { approvals: 2, votes: [{ by: person(bob) }] },
        { roles: { any: ['platform'] }, status: 'waiting' },
      ],
    })
  })

  test('stay asked where it would ask fewer, or nobody', () => {
    const fewer = decide(two, edit(bob, less, {}, { stages: [finance()] }), minute(1))
    expect(fewer.next).toMatchObject({ status: 'pending', stages: [{ approvals: 2 }] })
    const nobody = decide(two, edit(bob, less, {}, { effect: 'allow', stages: [], rule: 'small' }), minute(1))
    expect(nobody.next).toMatchObject({
      status: 'pending',
      plan: { rule: 'refunds-over-100' },
      stages: [{ approvals: 2 }],
    })
  })

  test('stay asked where the ladder asked for more, and who was asked too stays asked', () => {
    const rungs = { escalation: [escalateAt(1, 'platform'), requireAt(2, 2)] }
    const climbed = after(opened({ ...editing, ...rungs }), rungTimer(0), rungTimer(1))
    const { next } = decide(climbed, edit(carol, less, {}, rungs), minute(3))
    expect(next).toMatchObject({
      status: 'pending',
      stages: [
        { approvals: 2, escalated_to: ['platform'], votes: [{ by: person(carol), roles: ['platform'] }] },
      ],
    })
  })

  test('are asked where a role was asked too that the policy would not ask now', () => {
    const climbed = after(opened({ ...editing, escalation: [escalateAt(1, 'platform')] }), rungTimer(0))
    const { next } = decide(climbed, edit(carol, less), minute(2))
    expect(next.stages).toMatchObject([
      { roles: { any: ['finance'] }, escalated_to: ['platform'], status: 'met' },
      { roles: { any: ['finance'] }, escalated_to: [], status: 'open', votes: [] },
    ])
  })
})

describe('time', () => {
  test('never grows; it is what the policy gives from now on where that is less', () => {
    const longer = decide(two, edit(bob, less, {}, { expires_in_ms: 90 * 60_000 }), minute(10))
    expect(longer.next.expires_at).toEqual(deadline)
    const shorter = decide(two, edit(bob, less, {}, { expires_in_ms: 5 * 60_000 }), minute(10))
    expect(shorter.next.expires_at).toEqual(minute(15))
  })

  test('begins anew for the ladder', () => {
    const rungs = { escalation: [remindAt(5)] }
    const given = opened({ ...editing, stages: [finance(2)], ...rungs })
    const reminded = decide(given, rungTimer(0), minute(5)).next
    const edited = decide(reminded, edit(bob, less, {}, rungs), minute(6))
    expect(edited.next.escalation).toMatchObject({ level: 0, next_at: minute(11) })
    expect(timerOf(edited)).toEqual({ step: { at: 'rung', stage: 0, level: 0 }, at: minute(11) })
  })

  test('that is over is over: the edit finds it expired', () => {
    const late = decide(one, edit(bob, less), deadline)
    expect(late.next.status).toBe('expired')
    expect(factTypes(late)).toEqual(['approval.expired', 'click.refused'])
  })

  test('extended once stays extended', () => {
    const extended = after(opened({ ...editing, stages: [finance(2)], extend_ms: 60_000 }), extend(bob))
    const { next } = decide(extended, edit(bob, less, {}, { extend_ms: 60_000 }), minute(2))
    expect(decide(next, extend(dora, { revision: 2 }), minute(3)).reply).toMatchObject({
      because: 'extended_already',
    })
  })
})

describe('is refused, and changes nothing,', () => {
  const freeze = { id: 'frz_1', agent_id: null, reason: 'a leak', at: minute(0), lifted_at: null }
  const noEdit = opened({ ...editing, allowed_decisions: ['approve', 'reject'] })
  const unlisted = opened({ ...editing, editable: [] })
  const onlyEdit = opened({ ...editing, stages: [finance(2)], allowed_decisions: ['edit', 'reject'] })
  const voted = after(two, approve(bob))

  test.each<[string, Approval, EditInput, Refusal]>([
    ['on an older card', one, edit(bob, less, { revision: 0 }), 'stale'],
    ['at another stage', both, edit(carol, less, { stage: 1 }), 'stale'],
    ['when it is over', after(one, reject(bob, 'no')), edit(dora, less), 'decided'],
    ['to who is in no role of the stage', one, edit(mallory, less), 'not_in_role'],
    [
      'where nobody knows who is in the role',
      one,
      edit(bob, less, { membership: { readable: false, detail: 'ratelimited' } }),
      'membership_unreadable',
    ],
    ['where the rule or the agent does not allow it', noEdit, edit(bob, less), 'not_allowed'],
    ['where the rule lists nothing', unlisted, edit(bob, less), 'not_allowed'],
    ['to who asked', one, edit(asker, less), 'own_request'],
    ['to the agent’s owner', one, edit(owner, less), 'own_agent'],
    ['to who approved already', voted, edit(bob, less), 'voted_already'],
    [
      'to who approved an earlier stage',
      after(both, approve(erin)),
      edit(erin, less, second),
      'voted_in_earlier_stage',
    ],
    ['where nothing would be different', one, edit(bob, {}), 'unchanged'],
    ['where it would change what is not listed', one, edit(bob, { charge: 'ch_2' }), 'not_editable'],
    ['where it would add what is not listed', one, edit(bob, { ...less, to: 'me' }), 'not_editable'],
    ['where it would add a key of every object', one, edit(bob, { constructor: 'me' }), 'not_editable'],
    [
      'where the policy denies what it would become',
      one,
      edit(bob, less, {}, { effect: 'deny', stages: [], rule: 'no-halves', reason: 'All or nothing' }),
      'denied_by_policy',
    ],
    [
      'where the policy keeps the editor from approving what it would become',
      opened({ ...editing, separation_of_duties: { asker: true, owner: false, repeat: true } }),
      edit(owner, less),
      'not_yours_to_approve',
    ],
    [
      'to who has not read Details, where the rule asks for that',
      opened({ ...editing, require_details_opened: true }),
      edit(bob, less),
      'details_unopened',
    ],
    [
      'to who has not, where the policy asks for that of what it would become',
      one,
      edit(bob, less, {}, { require_details_opened: true }),
      'details_unopened',
    ],
    [
      'to who does not say why, where the rule asks for that',
      opened({ ...editing, require_reason: true }),
      edit(bob, less, { note: '  ' }),
      'reason_missing',
    ],
    [
      'to who does not, where the policy asks for that of what it would become',
      one,
      edit(bob, less, {}, { require_reason: true }),
      'reason_missing',
    ],
    [
      'where only edits may be approved, back to what was asked',
      after(onlyEdit, edit(bob, less)),
      edit(dora, {}, { revision: 2 }),
      'not_yours_to_approve',
    ],
  ])('%s', (_name, given, input, because) => {
    const outcome = decide(given, input, minute(5))
    expect(outcome.next).toBe(given)
    expect(outcome.reply).toMatchObject({ counted: false, because })
    expect(outcome.effects).toEqual([])
    expect(outcome.facts).toMatchObject([{ type: 'click.refused', data: { click: 'edit', because } }])
  })

  test('while it is frozen', () => {
    for (const input of [edit(bob, less), { ...edit(bob, less), type: 'begin_edit' as const }])
      expect(decide(one, input, minute(1), [freeze]).reply).toMatchObject({ because: 'frozen' })
  })

  test('with the words of the rule that denies', () => {
    const denied = edit(
      bob,
      less,
      {},
      { effect: 'deny', stages: [], rule: 'no-halves', reason: 'All or nothing' },
    )
    expect(decide(one, denied, minute(1)).reply).toMatchObject({
      detail: 'the rule no-halves: All or nothing',
    })
  })
})

test('who has read Details and says why edits, and the others have to read what it is now', () => {
  const reading = { ...editing, stages: [finance(2)], require_details_opened: true, require_reason: true }
  const read = (by: typeof bob, revision: number): Input => {
    const { stage, seen, membership } = approve(by)
    return { type: 'open_details', by: person(by), stage, revision, seen, membership, concerned: true }
  }
  const edited = after(
    opened(reading),
    read(bob, 1),
    read(dora, 1),
    edit(bob, less, { note: 'half' }, reading),
  )
  const again = approve(dora, { revision: 2, comment: 'fine' })
  expect(decide(edited, again, minute(5)).reply).toMatchObject({ because: 'details_unopened' })
  expect(after(edited, read(dora, 2), again).status).toBe('approved')
})

describe('where only edits may be approved', () => {
  const given = opened({ ...editing, stages: [finance(2)], allowed_decisions: ['edit', 'reject'] })

  test('what was asked cannot be, and what it became can', () => {
    expect(decide(given, approve(bob), minute(1)).reply).toMatchObject({ because: 'not_allowed' })
    const edited = after(given, edit(bob, less))
    expect(decide(edited, approve(dora, { revision: 2 }), minute(2)).next.status).toBe('approved')
  })
})
