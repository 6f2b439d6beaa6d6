import { describe, expect, test } from '@jest/globals'
import { isIrreplaceable, waitsFor } from '../../src/approval/waiting.ts'
import {
  after,
  approve,
  asker,
  bob,
  carol,
  deadline,
  dora,
  erin,
  finance,
  justBefore,
  mallory,
  opened,
  opening,
  owner,
  platform,
  reject,
  second,
  type Member,
} from './given.ts'

// For whom an approval waits: those whose Approve would bring it on.

const everybody = [bob, dora, carol, erin, mallory, asker, owner]
const namesFor = (approval: Parameters<typeof waitsFor>[0], now = justBefore) =>
  everybody.filter((who) => waitsFor(approval, who, now)).map(({ name }) => name)

const all = (...roles: string[]) => ({ roles: { all: roles }, approvals: roles.length })

describe('an approval waits', () => {
  test.each([
    ['for the members of its role, but for who asked and who owns the agent', opened(), 'Bob Dora Erin'],
    [
      'for all of them, where nobody is barred',
      opened({ separation_of_duties: { asker: false, owner: false, repeat: true } }),
      'Bob Dora Erin Ada Olaf',
    ],
    ['no more for who has voted', after(opened({ stages: [finance(2)] }), approve(bob)), 'Dora Erin'],
    [
      'for the second stage’s people once the first is met, and not for who counts there already',
      after(opened({ stages: [finance(), platform()] }), approve(erin)),
      'Carol',
    ],
    [
      'for the role whose answer is still to come',
      after(opened({ stages: [all('finance', 'platform')] }), approve(bob)),
      'Carol Erin',
    ],
    ['for nobody once it is over', after(opened(), reject(bob, 'no')), ''],
    ['for nobody where nobody was asked', opened({ effect: 'allow', stages: [] }), ''],
  ])('%s', (_title, approval, names) => {
    expect(namesFor(approval).join(' ')).toBe(names)
  })

  test('for nobody once its time is up, however late its timer is', () => {
    expect(namesFor(opened(), deadline)).toEqual([])
  })

  test('while it is frozen as well, since it can be rejected', () => {
    const freeze = { id: 'frz_1', agent_id: null, reason: 'leak', at: justBefore, lifted_at: null }
    const { next } = opening()
    expect(namesFor({ ...next, freeze }, deadline)).toEqual(['Bob', 'Dora', 'Erin'])
  })
})

describe('nobody can take somebody’s place', () => {
  const stageOf = (approval: ReturnType<typeof opened>) => approval.stages[0]!
  const two = opened({ stages: [finance(2)] })
  const both = opened({ stages: [all('finance', 'platform')] })

  test.each<[string, ReturnType<typeof stageOf>, Member[], Member, boolean]>([
    ['where they are the only one', stageOf(opened()), [bob], bob, true],
    ['unless there is another', stageOf(opened()), [bob, dora], bob, false],
    ['where as many are needed as there are', stageOf(two), [bob, dora], bob, true],
    ['unless there is one more', stageOf(two), [bob, dora, erin], bob, false],
    ['once the others have voted', stageOf(after(two, approve(dora))), [bob], bob, true],
    ['where there are too few anyway', stageOf(two), [bob], bob, true],
    ['where nobody else is of one of the roles', stageOf(both), [bob, dora, carol], carol, true],
    ['unless somebody is of both', stageOf(both), [bob, dora, carol, erin], carol, false],
    ['unless they cannot vote themselves', stageOf(opened()), [bob], mallory, false],
  ])('%s', (_title, stage, voters, who, expected) => {
    expect(isIrreplaceable(stage, voters, who.slack_user_id)).toBe(expected)
  })
})

test('a stage that opens later is waited for by its own people', () => {
  const approval = after(opened({ stages: [finance(), platform()] }), approve(bob))
  expect(approval.stages[second.stage]?.status).toBe('open')
  expect(namesFor(approval)).toEqual(['Carol', 'Erin'])
})
