import { group, roles } from './workspace.ts'

/** What a rule asks for, in the suite's own words: the app's plans are compared with it. */
export type Rule = {
  tool: string
  effect: 'allow' | 'deny' | 'require_approval'
  stages: { role: string; approvals: number }[]
  on_timeout: 'expire' | 'reject'
}

/** What the policy gives where a request does not shorten it. */
export const expiresInMs = 45_000

export const rules: Rule[] = [
  { tool: 'read.order', effect: 'allow', stages: [], on_timeout: 'expire' },
  { tool: 'sql.drop', effect: 'deny', stages: [], on_timeout: 'expire' },
  { tool: 'refund', effect: 'require_approval', stages: [stage('finance', 1)], on_timeout: 'expire' },
  { tool: 'payout', effect: 'require_approval', stages: [stage('finance', 2)], on_timeout: 'expire' },
  { tool: 'deploy', effect: 'require_approval', stages: [stage('platform', 1)], on_timeout: 'expire' },
  { tool: 'mail', effect: 'require_approval', stages: [stage('data', 1)], on_timeout: 'reject' },
  {
    tool: 'migrate',
    effect: 'require_approval',
    stages: [stage('platform', 1), stage('data', 1)],
    on_timeout: 'expire',
  },
]

function stage(role: string, approvals: number) {
  return { role, approvals }
}

/** The same as the document that the app is given. JSON is YAML. */
export const policyText = JSON.stringify({
  admins: ['U_P00'],
  roles: Object.fromEntries(
    Object.entries(roles).map(([name, { channel, members }]) => [
      name,
      { channel, members: name === group.role ? [group.id] : members },
    ]),
  ),
  defaults: { stages: [stage('platform', 1)], expires_in: `${expiresInMs / 1_000}s` },
  rules: rules.map(({ tool, effect, stages, on_timeout }) => ({
    name: tool.replace('.', '-'),
    when: `action.tool == "${tool}"`,
    effect,
    ...(effect === 'require_approval' ? { stages, on_timeout } : { reason: 'As the rule says' }),
  })),
})
