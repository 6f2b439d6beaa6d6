import { describe, expect, test } from '@jest/globals'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const head = `admins: [U_ALICE]
roles: {ops: {channel: C_OPS, members: [U_BOB, U_CAROL]}}
`
const stages = 'stages: [{role: ops, approvals: 1}]'
const edit = 'allowed_decisions: [approve, edit, reject]'

describe('what may be edited', () => {
  const editableOf = (text: string) => {
    const parsed = parsePolicy(head + text)
    return parsed.ok ? evaluate(parsed.compiled, requestOf(), new Date(0)).plan.editable : null
  }

  test.each([
    [`defaults: {${stages}}`, []],
    [`defaults: {${stages}, editable: [amount]}`, ['amount']],
    [`defaults: {${stages}, editable: [amount]}\nrules: [{name: a}]`, ['amount']],
    [`defaults: {${stages}, editable: [amount]}\nrules: [{name: a, editable: [note]}]`, ['note']],
    [`defaults: {${stages}, editable: [amount]}\nrules: [{name: a, editable: []}]`, []],
  ])('%s', (text, editable) => {
    expect(editableOf(text)).toEqual(editable)
  })
})

describe('a document is warned', () => {
  const warningsOf = (text: string) => {
    const parsed = parsePolicy(head + text)
    if (!parsed.ok) throw new Error(parsed.faults.map(({ detail }) => detail).join())
    return parsed.warnings.map(({ line, column, detail }) => `${line}:${column} ${detail}`)
  }
  const ofNothing = 'allows to edit nothing: list the arguments that may be changed under editable'
  const ofNobody = 'has no effect where allowed_decisions does not list edit'

  test.each([
    [
      'that a rule allows to edit nothing',
      `defaults: {${stages}}\nrules: [{name: a, ${edit}}]`,
      [`4:48 ${ofNothing}`],
    ],
    [
      'that the defaults do, and no rule says what',
      `defaults: {${stages}, ${edit}}\nrules: [{name: a}]`,
      [`3:78 ${ofNothing}`],
    ],
    [
      'that nobody may edit what is listed',
      `defaults: {${stages}}\nrules: [{name: a, editable: [x]}]`,
      [`4:19 ${ofNobody}`],
    ],
    ['of nothing where both are said together', `defaults: {${stages}, ${edit}, editable: [x]}`, []],
    [
      'of nothing where a rule makes it whole',
      `defaults: {${stages}, ${edit}}\nrules: [{name: a, when: risk == "high", editable: [x]}, {name: b}]`,
      [],
    ],
    [
      'of nothing where a rule lets what the defaults list',
      `defaults: {${stages}, editable: [x]}\nrules: [{name: a, ${edit}}]`,
      [],
    ],
    [
      'of nothing where a rule has it left out on purpose',
      `defaults: {${stages}, ${edit}, editable: [x]}\nrules: [{name: a, editable: []}]`,
      [],
    ],
  ])('%s', (_name, text, warnings) => {
    expect(warningsOf(text)).toEqual(warnings)
  })
})
