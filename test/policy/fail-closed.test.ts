import { describe, expect, test } from '@jest/globals'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-11-22T12:00:00Z')
const fails = 'action.arguments.missing > 1'
const asks = { stages: [{ role: 'ops', approvals: 1 }] }

type Rule = { effect?: string; when?: string; stages?: object[] }

function rule(rules: Rule[], defaults: object = { effect: 'deny' }) {
  const parsed = parsePolicy(
    JSON.stringify({
      admins: ['U_ALICE'],
      roles: { ops: { channel: 'C_OPS', members: ['U_BOB'] } },
      defaults,
      rules: rules.map((one, i) => ({ name: `r${i}`, ...one })),
    }),
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const { plan, tried, faults } = evaluate(parsed.compiled, requestOf(), now)
  return {
    effect: plan.effect,
    by: plan.rule,
    stages: plan.stages.length,
    tried: tried.map((one) => one.matched),
    faulty: faults.map((one) => one.rule),
  }
}

describe('a rule whose condition fails', () => {
  test('matches where it denies', () => {
    expect(rule([{ when: fails, effect: 'deny' }, { effect: 'allow' }])).toEqual({
      effect: 'deny',
      by: 'r0',
      stages: 0,
      tried: ['failed'],
      faulty: ['r0'],
    })
  })

  test('matches where it requires approval', () => {
    expect(rule([{ when: fails, effect: 'require_approval', ...asks }, { effect: 'allow' }])).toMatchObject({
      effect: 'require_approval',
      by: 'r0',
      stages: 1,
    })
  })

  test('does not match where it allows, and no later rule may allow', () => {
    expect(
      rule([{ when: fails, effect: 'allow' }, { effect: 'allow' }, { effect: 'allow', when: 'true' }]),
    ).toEqual({
      effect: 'deny',
      by: null,
      stages: 0,
      tried: ['failed', false, false],
      faulty: ['r0', 'r1', 'r2'],
    })
  })

  test('leaves later rules to deny or to ask', () => {
    const first = { when: fails, effect: 'allow' }
    expect(rule([first, { effect: 'allow' }, { effect: 'deny' }])).toMatchObject({ effect: 'deny', by: 'r2' })
    expect(rule([first, { effect: 'require_approval', ...asks }])).toMatchObject({
      effect: 'require_approval',
      by: 'r1',
    })
  })

  test('keeps the defaults from allowing: they ask their stages, or deny where they have none', () => {
    const first = { when: fails, effect: 'allow' }
    expect(rule([first], { effect: 'allow', ...asks })).toMatchObject({
      effect: 'require_approval',
      by: null,
      stages: 1,
    })
    expect(rule([first], { effect: 'allow' })).toMatchObject({ effect: 'deny', by: null, stages: 0 })
  })

  test('is none where CEL says that the failing part does not count', () => {
    expect(rule([{ when: `${fails} && risk == "low"`, effect: 'deny' }, { effect: 'allow' }])).toMatchObject({
      by: 'r1',
      tried: [false, true],
      faulty: [],
    })
    expect(rule([{ when: `${fails} || risk == "medium"`, effect: 'allow' }])).toMatchObject({
      by: 'r0',
      faulty: [],
    })
  })

  test('after the one that decided is never looked at', () => {
    expect(rule([{ effect: 'allow' }, { when: fails, effect: 'deny' }])).toMatchObject({
      effect: 'allow',
      tried: [true],
    })
  })
})
