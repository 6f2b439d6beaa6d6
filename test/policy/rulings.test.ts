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
      on_timeout: 'expire',
      escalation: [],
      extend_ms: null,
      hours: {},
      separation_of_duties: { asker: true, owner: true, repeat: true },
      allowed_decisions: ['approve', 'reject'],
      editable: [],
    })
  })

  test('inherits what it leaves out, and separation of duties by name', () => {
    const text = `defaults: {${stages}, expires_in: 10m, on_timeout: reject, separation_of_duties: {owner: false}}
rules: [{name: a, reason: Because, valid_for: 90, stages: [{role: ops, approvals: 2}], separation_of_duties: {repeat: false}}]`
    expect(planOf(text)).toMatchObject({
      rule: 'a',
      reason: 'Because',
      stages: [{ roles: { any: ['ops'] }, approvals: 2 }],
      expires_in_ms: 10 * minute,
      valid_for_ms: 90_000,
      on_timeout: 'reject',
      separation_of_duties: { asker: true, owner: false, repeat: false },
    })
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
