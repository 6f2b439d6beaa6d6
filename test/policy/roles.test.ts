import { expect, test } from '@jest/globals'
import { adminsOf, parsePolicy, role, rolesOf } from '../../src/policy/index.ts'

const parsed = parsePolicy(`admins: [U_ALICE, U_BOB]
roles:
  finance: {channel: C_FINANCE, members: [S_FINANCE, U_ALICE, W_CAROL]}
  data: {channel: C_DATA, members: [U_ALICE]}
defaults: {effect: deny}
`)
if (!parsed.ok) throw new Error('the document of this test is faulty')
const { document } = parsed

test('a role has its users apart from its user groups', () => {
  const finance = {
    name: 'finance',
    channel: 'C_FINANCE',
    members: ['U_ALICE', 'W_CAROL'],
    groups: ['S_FINANCE'],
    mention: 'none',
  }
  expect(role(document, 'finance')).toEqual(finance)
  expect(rolesOf(document).map(({ name }) => name)).toEqual(['finance', 'data'])
  expect(adminsOf(document)).toEqual(['U_ALICE', 'U_BOB'])
})

test('a role that is not there is none, whatever its name', () => {
  for (const name of ['Finance', '', 'constructor', '__proto__', 'toString'])
    expect(role(document, name)).toBeNull()
})
