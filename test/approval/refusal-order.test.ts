import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import type { Refusal } from '../../src/approval/click.ts'
import type { VoteInput } from '../../src/approval/vote.ts'
import { after, approve, asker, cancel, finance, minute, opened, owner, platform } from './given.ts'

const now = minute(7)
const unreadable = { readable: false, detail: 'ratelimited' } as const

/**
 * Everything that can be wrong with one click, worst first: each click has all the faults from its place on, and is
 * answered with the first of them.
 */
const none = { asker: false, owner: false, repeat: false }

describe('of several reasons the first is given', () => {
  const both = { ...asker, slack_user_id: owner.slack_user_id }
  const request = { on_behalf_of: both.slack_user_id }
  const asking = { stages: [finance(2)], require_reason: true, separation_of_duties: none }
  const shut = { stages: [finance(2)], allowed_decisions: ['reject' as const] }
  const voted = (approval: Approval, ...stages: number[]): Approval => ({
    ...approval,
    stages: approval.stages.map((stage, index) =>
      stages.includes(index)
        ? {
            ...stage,
            votes: [{ by: both, vote: 'approve', roles: ['finance'], comment: null, at: minute(1) }],
          }
        : stage,
    ),
  })
  const waiting = voted(opened(shut, request), 0)
  const ofNobody = { membership: { readable: true, roles: [] as string[] } } as const

  const separated = (separation: { asker: boolean; owner: boolean }) =>
    voted(
      opened(
        { stages: [finance(2), platform()], separation_of_duties: { ...separation, repeat: true } },
        request,
      ),
      0,
      1,
    )

  test.each<[Refusal, Approval, Partial<VoteInput>]>([
    ['decided', after(waiting, cancel), { revision: 9, membership: unreadable }],
    ['stale', waiting, { revision: 9, membership: unreadable }],
    ['membership_unreadable', waiting, { membership: unreadable }],
    ['not_in_role', waiting, ofNobody],
    ['not_allowed', waiting, {}],
    ['own_request', separated({ asker: true, owner: true }), {}],
    ['own_agent', separated({ asker: false, owner: true }), {}],
    ['voted_already', separated({ asker: false, owner: false }), {}],
    ['reason_missing', opened(asking, request), {}],
  ])('%s', (because, given, changes) => {
    expect(decide(given, approve(both, changes), now).reply).toEqual({ counted: false, because })
  })
})
