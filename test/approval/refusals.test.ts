import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import type { Refusal } from '../../src/approval/click.ts'
import type { VoteInput } from '../../src/approval/vote.ts'
import {
  after,
  approve,
  asker,
  bob,
  cancel,
  carol,
  dora,
  erin,
  expiryTimer,
  finance,
  human,
  mallory,
  minute,
  opened,
  owner,
  platform,
  reject,
  second,
  seen,
} from './given.ts'

const now = minute(7)
const unreadable = { readable: false, detail: 'ratelimited' } as const
const twoStages = { stages: [finance(), platform()] }
const notSeparate = { asker: false, owner: false, repeat: false }

type Case = { when: string; given: Approval; input: VoteInput; because: Refusal }

const cases: Case[] = [
  { when: 'it is approved', given: after(opened(), approve(bob)), input: approve(dora), because: 'decided' },
  {
    when: 'it is rejected',
    given: after(opened(), reject(bob, 'no')),
    input: approve(dora),
    because: 'decided',
  },
  {
    when: 'Details were never opened',
    given: opened({ require_details_opened: true }),
    input: approve(bob),
    because: 'details_unopened',
  },
  { when: 'it is cancelled', given: after(opened(), cancel), input: approve(bob), because: 'decided' },
  {
    when: 'a rejection comes second',
    given: after(opened(), approve(bob)),
    input: reject(dora, 'no'),
    because: 'decided',
  },
  {
    when: 'the policy decided',
    given: opened({ effect: 'allow', stages: [] }),
    input: reject(bob, 'no'),
    because: 'decided',
  },
  {
    when: 'the stage is met',
    given: after(opened(twoStages), approve(bob)),
    input: approve(dora),
    because: 'stale',
  },
  {
    when: 'the stage is not open yet',
    given: opened(twoStages),
    input: approve(carol, { stage: 1 }),
    because: 'stale',
  },
  {
    when: 'the stage does not exist',
    given: opened(),
    input: approve(bob, { stage: 7 }),
    because: 'stale',
  },
  {
    when: 'the card is older',
    given: { ...opened(), revision: 2 },
    input: approve(bob, { revision: 1 }),
    because: 'stale',
  },
  {
    when: 'the card claims to be newer',
    given: opened(),
    input: approve(bob, { revision: 2 }),
    because: 'stale',
  },
  {
    when: 'the stage is right and the revision is of the stage before',
    given: after(opened(twoStages), approve(bob)),
    input: approve(carol, { stage: 1, revision: 1 }),
    because: 'stale',
  },
  {
    when: 'a rejection comes from an older card',
    given: { ...opened(), revision: 2 },
    input: reject(bob, 'no', { revision: 1 }),
    because: 'stale',
  },
  {
    when: 'Slack would not say who is in the role',
    given: opened(),
    input: approve(bob, { membership: unreadable }),
    because: 'membership_unreadable',
  },
  {
    when: 'a rejection’s membership is unreadable',
    given: opened(),
    input: reject(bob, 'no', { membership: unreadable }),
    because: 'membership_unreadable',
  },
  {
    when: 'the voter is in another role',
    given: opened(),
    input: approve(mallory),
    because: 'not_in_role',
  },
  {
    when: 'the voter is in no role at all',
    given: opened(),
    input: approve(bob, { membership: { readable: true, roles: [] } }),
    because: 'not_in_role',
  },
  {
    when: 'the voter is only in the next stage’s role',
    given: opened(twoStages),
    input: approve(carol),
    because: 'not_in_role',
  },
  {
    when: 'the voter is only in the role of the stage before',
    given: after(opened(twoStages), approve(bob)),
    input: approve(dora, second),
    because: 'not_in_role',
  },
  {
    when: 'who rejects is in another role',
    given: opened(),
    input: reject(mallory, 'no'),
    because: 'not_in_role',
  },
  {
    when: 'the owner rejects without being in the role',
    given: opened(),
    input: reject({ ...owner, roles: [] }, 'no'),
    because: 'not_in_role',
  },
  {
    when: 'the agent can act on no approval',
    given: opened({ allowed_decisions: ['reject'] }),
    input: approve(bob),
    because: 'not_allowed',
  },
  {
    when: 'it can only be approved by editing it',
    given: opened({ allowed_decisions: ['edit', 'reject'] }),
    input: approve(bob),
    because: 'not_allowed',
  },
  { when: 'the asker approves', given: opened(), input: approve(asker), because: 'own_request' },
  { when: 'the agent’s owner approves', given: opened(), input: approve(owner), because: 'own_agent' },
  {
    when: 'only the owner’s separation is relaxed and the asker approves',
    given: opened({ separation_of_duties: { ...notSeparate, asker: true } }),
    input: approve(asker),
    because: 'own_request',
  },
  {
    when: 'only the asker’s separation is relaxed and the owner approves',
    given: opened({ separation_of_duties: { ...notSeparate, owner: true } }),
    input: approve(owner),
    because: 'own_agent',
  },
  {
    when: 'somebody approves one stage twice',
    given: after(opened({ stages: [finance(2)] }), approve(bob)),
    input: approve(bob),
    because: 'voted_already',
  },
  {
    when: 'somebody approves one stage twice where nothing is kept apart',
    given: after(opened({ stages: [finance(2)], separation_of_duties: notSeparate }), approve(bob)),
    input: approve(bob),
    because: 'voted_already',
  },
  {
    when: 'somebody approves a second stage',
    given: after(opened(twoStages), approve(erin)),
    input: approve(erin, second),
    because: 'voted_in_earlier_stage',
  },
]

describe('a click that cannot count', () => {
  test.each(cases)('because $when is refused as $because', ({ given, input, because }) => {
    const { next, effects, reply } = decide(given, input, now)

    expect(reply).toEqual({ counted: false, because })
    expect(next).toBe(given)
    expect(effects).toEqual([])
  })

  test.each(cases)('because $when is recorded all the same', ({ given, input, because }) => {
    const { facts } = decide(given, input, now)

    const { vote: click, stage, revision, comment } = input
    const detail = because === 'membership_unreadable' ? { detail: 'ratelimited' } : {}
    expect(facts).toEqual([
      {
        type: 'click.refused',
        actor: human(input.by),
        data: { click, stage, revision, because, comment, seen, ...detail },
      },
    ])
  })

  test.each(cases)('because $when is refused before its form opens', ({ given, input, because }) => {
    const vote = decide(given, input, now)
    const form = decide(given, { ...input, type: 'begin_vote' }, now)

    expect(form).toEqual(vote)
    expect(form.reply).toEqual({ counted: false, because })
  })
})

test('every reason to refuse a vote has a case', () => {
  type OfEdits = 'unchanged' | 'not_editable' | 'not_yours_to_approve' | 'denied_by_policy'
  type OfOthers = 'not_due' | 'extended_already' | 'asked_enough' | 'frozen' | 'not_named' | 'not_concerned'
  type OfRevoking = 'not_approved' | 'withdrawn_already' | 'begun' | 'past_its_time' | 'may_not_revoke'
  type OfSigns = 'assigned_already' | 'assignee_may_not' | 'on_it_already' | 'not_on_it'
  // Who only opens the form has said nothing yet: see require-reason.test.ts.
  const reasons: Record<
    Exclude<Refusal, OfEdits | OfRevoking | OfSigns | OfOthers | 'reason_missing'>,
    true
  > = {
    decided: true,
    stale: true,
    membership_unreadable: true,
    not_in_role: true,
    own_request: true,
    own_agent: true,
    voted_already: true,
    voted_in_earlier_stage: true,
    not_allowed: true,
    details_unopened: true,
  }

  expect(new Set(cases.map((one) => one.because))).toEqual(new Set(Object.keys(reasons)))
})

test('a timer is refused as not due, and not as a click', () => {
  expect(decide(opened(), expiryTimer, now)).toMatchObject({
    reply: { counted: false, because: 'not_due' },
    facts: [],
  })
})
