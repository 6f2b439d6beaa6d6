import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/approval/approval.ts'
import { rolesInWords } from '../../src/approval/plan.ts'
import { evaluate, parsePolicy, type CompiledPolicy, type PolicyInput } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-11-22T12:00:00Z')
const minute = 60_000

function compiled(text: string): CompiledPolicy {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.compiled
}

describe('the policy that comes with the product', () => {
  const text = readFileSync(new URL('../../policy.yaml', import.meta.url), 'utf8')
  const policy = compiled(text)

  test('has nothing in it that has no effect', () => {
    const parsed = parsePolicy(text)
    expect(parsed.ok && parsed.warnings).toEqual([])
  })

  test.each<[string, JsonObject, Partial<PolicyInput>, string]>([
    ['sql.execute', { query: 'DROP  TABLE orders' }, {}, 'no-table-drops: deny'],
    ['sql.execute', { query: 'select 1' }, {}, 'default: platform 1'],
    ['sql.execute', { query: 7 }, {}, 'no-table-drops: deny'],
    ['sql.execute', {}, {}, 'no-table-drops: deny'],
    ['read.orders', {}, {}, 'reads: allow'],
    ['stripe.refund', { amount: 24 }, {}, 'refunds-up-to-100: allow'],
    ['stripe.refund', { amount: 100 }, {}, 'refunds-up-to-100: allow'],
    ['stripe.refund', { amount: 100.01 }, {}, 'refunds-over-100: finance 1'],
    ['stripe.refund', { amount: 1000 }, {}, 'refunds-over-100: finance 1'],
    ['stripe.refund', { amount: 1000.01 }, {}, 'refunds-over-1000: finance 2'],
    ['stripe.refund', { amount: -5 }, {}, 'default: platform 1'],
    ['stripe.refund', { amount: '24' }, {}, 'refunds-over-1000: finance 2'],
    ['stripe.refund', {}, {}, 'refunds-over-1000: finance 2'],
    ['deploy.service', {}, { risk: 'critical' }, 'critical-production-deploys: platform 2'],
    ['deploy.service', {}, {}, 'production-deploys: platform 1'],
    ['customers.export', {}, {}, 'data-exports: data 1'],
    ['unheard.of', {}, {}, 'default: platform 1'],
  ])('asked for %s of %j %j', (tool, args, other, wanted) => {
    const { plan } = evaluate(policy, requestOf({ tool, arguments: args }, other), now)
    const who = plan.stages.map(({ roles, approvals }) => `${rolesInWords(roles)} ${approvals}`).join(', ')
    expect(`${plan.rule ?? 'default'}: ${plan.effect === 'require_approval' ? who : plan.effect}`).toBe(
      wanted,
    )
  })
})

describe('a rule', () => {
  const head = 'admins: [U_ALICE]\nroles: {ops: {channel: C_OPS, members: [U_BOB, U_EVE]}}\n'
  const stages = 'stages: [{role: ops, approvals: 1}]'
  const planOf = (text: string, request = requestOf()) => evaluate(compiled(head + text), request, now).plan

  test('has what is built in where nobody says otherwise', () => {
    expect(planOf(`defaults: {${stages}}`)).toEqual({
      rule: null,
      effect: 'require_approval',
      reason: null,
      stages: [{ roles: { any: ['ops'] }, approvals: 1 }],
      expires_in_ms: 60 * minute,
      valid_for_ms: 60 * minute,
      outcome_within_ms: null,
      on_timeout: 'expire',
      escalation: [],
      extend_ms: null,
      hours: {},
      separation_of_duties: { asker: true, owner: true, repeat: true },
      allowed_decisions: ['approve', 'reject'],
      require_details_opened: false,
      require_reason: false,
      reject_reasons: [],
      require_on_behalf_of: false,
      editable: [],
    })
  })

  test('inherits what it leaves out, and separation of duties by name', () => {
    const text = `defaults: {${stages}, expires_in: 10m, outcome_within: 2h, on_timeout: reject, separation_of_duties: {owner: false}}
rules: [{name: a, reason: Because, valid_for: 90, stages: [{role: ops, approvals: 2}], separation_of_duties: {repeat: false}}]`
    expect(planOf(text)).toMatchObject({
      rule: 'a',
      reason: 'Because',
      stages: [{ roles: { any: ['ops'] }, approvals: 2 }],
      expires_in_ms: 10 * minute,
      valid_for_ms: 90_000,
      outcome_within_ms: 120 * minute,
      on_timeout: 'reject',
      separation_of_duties: { asker: true, owner: false, repeat: false },
    })
  })

  test('inherits the reasons to reject, or has its own', () => {
    const text = `defaults: {${stages}, reject_reasons: [{reason: Too much, retry: after_change}]}
rules: [{name: a, when: risk == "low", reject_reasons: [{reason: Never}]}, {name: b, when: risk == "high", effect: allow}]`
    expect(planOf(text).reject_reasons).toEqual([{ reason: 'Too much', retry: 'after_change' }])
    expect(planOf(text, requestOf({}, { risk: 'low' })).reject_reasons).toEqual([
      { reason: 'Never', retry: null },
    ])
    expect(planOf(text, requestOf({}, { risk: 'high' })).reject_reasons).toEqual([])
  })

  test('inherits that Details are read before Approve counts, and may do without', () => {
    const text = `defaults: {${stages}, require_details_opened: true}
rules: [{name: a, when: risk == "low", require_details_opened: false}]`
    expect(planOf(text).require_details_opened).toBe(true)
    expect(planOf(text, requestOf({}, { risk: 'low' })).require_details_opened).toBe(false)
  })

  test('is asked in order, and the first that matches decides', () => {
    const text = `defaults: {${stages}}
rules: [{name: a, when: risk == "low"}, {name: b, when: risk == "medium"}, {name: c}]`
    expect(evaluate(compiled(head + text), requestOf(), now).tried).toEqual([
      { rule: 'a', matched: false },
      { rule: 'b', matched: true },
    ])
  })

  test('can be shortened by the agent and not lengthened', () => {
    const text = `defaults: {${stages}, expires_in: 10m}`
    expect(planOf(text, requestOf({}, { expires_in_ms: minute })).expires_in_ms).toBe(minute)
    expect(planOf(text, requestOf({}, { expires_in_ms: 99 * minute })).expires_in_ms).toBe(10 * minute)
  })

  test.each<[string, PolicyInput['allowed_decisions'], string[]]>([
    ['', ['approve', 'edit', 'reject'], ['approve', 'reject']],
    ['allowed_decisions: [approve, edit]', ['approve', 'edit', 'reject'], ['approve', 'edit', 'reject']],
    ['allowed_decisions: [approve, edit]', ['approve'], ['approve', 'reject']],
    ['allowed_decisions: [edit]', ['approve', 'reject'], ['reject']],
  ])('with {%s} leaves an agent that takes %j with %j', (said, taken, left) => {
    const text = `defaults: {${stages}}\nrules: [{name: a, ${said}}]`
    expect(planOf(text, requestOf({}, { allowed_decisions: taken })).allowed_decisions).toEqual(left)
  })
})

describe('what a rule asks of those who ask', () => {
  const head = 'admins: [U_ALICE]\nroles: {ops: {channel: C_OPS, members: [U_BOB, U_EVE]}}\n'
  const stages = 'stages: [{role: ops, approvals: 1}]'
  const planOf = (text: string, request = requestOf()) => evaluate(compiled(head + text), request, now).plan
  const named = requestOf({}, { on_behalf_of: 'U_ADA' })
  const missing = (who: string) =>
    `on_behalf_of is missing: ${who} the Slack user id of the person who asked for this`

  test.each<[string, string, string | null]>([
    [
      'a rule',
      `defaults: {${stages}}\nrules: [{name: a, require_on_behalf_of: true}]`,
      missing('rule a needs'),
    ],
    [
      'the defaults',
      `defaults: {${stages}, require_on_behalf_of: true}`,
      missing('the policy’s defaults need'),
    ],
    [
      'a rule through the defaults',
      `defaults: {${stages}, require_on_behalf_of: true}\nrules: [{name: a}]`,
      missing('rule a needs'),
    ],
    [
      'a rule that allows',
      `defaults: {${stages}}\nrules: [{name: a, effect: allow, require_on_behalf_of: true}]`,
      missing('rule a needs'),
    ],
    [
      'a rule whose condition fails',
      `defaults: {${stages}}\nrules: [{name: a, when: action.arguments.nothing > 1, require_on_behalf_of: true}]`,
      missing('rule a needs'),
    ],
  ])('%s may need to know who asked', (_, text, reason) => {
    expect(planOf(text)).toMatchObject({ effect: 'deny', stages: [], reason, require_on_behalf_of: true })
    expect(planOf(text, named).effect).not.toBe('deny')
  })

  test('a rule may let off what the defaults need, and what is denied is denied for its own reason', () => {
    const text = `defaults: {${stages}, require_on_behalf_of: true}
rules: [{name: a, when: risk == "low", require_on_behalf_of: false}, {name: b, effect: deny, reason: Never}]`
    expect(planOf(text, requestOf({}, { risk: 'low' })).effect).toBe('require_approval')
    expect(planOf(text)).toMatchObject({ effect: 'deny', reason: 'Never', require_on_behalf_of: false })
  })
})

describe('each rule on its own', () => {
  const text = `admins: [U_ALICE]
roles: {ops: {channel: C_OPS, members: [U_BOB, U_EVE]}, desk: {channel: C_DESK, members: [U_EVE]}}
defaults: {stages: [{role: ops}], escalation: [{after: 5m, do: remind}], require_reason: true}
rules:
  - name: critical
    when: risk in ["high", "critical"] && environment == "production"
    stages: [{role: ops, approvals: 2}]
    expires_in: 5m
    on_timeout: reject
    escalation: [{after: 1m, do: escalate, to: desk}]
    allowed_decisions: [approve, edit]
  - name: staging
    when: environment == "staging"
    require_reason: false
    escalation: []
    extend: 10m
`
  const policy = compiled(text)

  test.each<[Partial<PolicyInput>, object]>([
    [
      { risk: 'critical' },
      {
        rule: 'critical',
        stages: [{ roles: { any: ['ops'] }, approvals: 2 }],
        expires_in_ms: 5 * minute,
        on_timeout: 'reject',
        escalation: [{ after_ms: minute, do: 'escalate', to: 'desk' }],
        allowed_decisions: ['approve', 'edit', 'reject'],
        require_reason: true,
        extend_ms: null,
      },
    ],
    [
      { risk: 'critical', environment: 'staging' },
      {
        rule: 'staging',
        require_reason: false,
        escalation: [],
        extend_ms: 10 * minute,
        on_timeout: 'expire',
      },
    ],
    [
      { risk: 'low' },
      {
        rule: null,
        expires_in_ms: 60 * minute,
        escalation: [{ after_ms: 5 * minute, do: 'remind' }],
        allowed_decisions: ['approve', 'reject'],
        require_reason: true,
      },
    ],
  ])('%j', (request, wanted) => {
    const asked = requestOf({}, { allowed_decisions: ['approve', 'edit', 'reject'], ...request })
    expect(evaluate(policy, asked, now).plan).toMatchObject(wanted)
  })
})
