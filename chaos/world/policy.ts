import { group, roles } from './workspace.ts'

/** What a rule asks for, in the suite's own words: the app's plans are compared with it. */
export type Rule = {
  tool: string
  effect: 'allow' | 'deny' | 'require_approval'
  stages: { role: string; approvals: number }[]
  on_timeout: 'expire' | 'reject'
  /** Later, another role may vote too. */
  escalates: { after_ms: number; to: string } | null
}

/** How long the policy lets an approval wait where a request does not shorten it, in milliseconds. */
export function patienceMs(tempo: number): number {
  return Math.max(8, Math.round(90 * tempo)) * 1_000
}

export const rules: Rule[] = [
  rule('read.order', { effect: 'allow' }),
  rule('sql.drop', { effect: 'deny' }),
  rule('refund', { stages: [stage('finance', 1)] }),
  rule('payout', { stages: [stage('finance', 2)] }),
  rule('deploy', { stages: [stage('platform', 1)], escalates: { after_ms: 5_000, to: 'data' } }),
  rule('mail', { stages: [stage('data', 1)], on_timeout: 'reject' }),
  rule('migrate', { stages: [stage('platform', 1), stage('data', 1)] }),
]

function rule(tool: string, terms: Partial<Rule>): Rule {
  return { effect: 'require_approval', stages: [], on_timeout: 'expire', escalates: null, tool, ...terms }
}

function stage(role: string, approvals: number) {
  return { role, approvals }
}

/** The same as the document that the app is given. JSON is YAML. */
export function policyText(tempo: number): string {
  return JSON.stringify({
    admins: ['U_P00'],
    // What is gathered has no card to be looked for: here every request is to be shown by itself.
    flood: 100_000,
    roles: Object.fromEntries(
      Object.entries(roles).map(([name, { channel, members }]) => [
        name,
        { channel, members: name === group.role ? [group.id] : members },
      ]),
    ),
    defaults: { stages: [stage('platform', 1)], expires_in: `${patienceMs(tempo) / 1_000}s` },
    rules: rules.map(({ tool, effect, stages, on_timeout, escalates }) => ({
      name: tool.replace('.', '-'),
      when: `action.tool == "${tool}"`,
      effect,
      ...(effect === 'require_approval'
        ? { stages, on_timeout, escalation: ladder(escalates) }
        : { reason: 'As the rule says' }),
    })),
  })
}

function ladder(escalates: Rule['escalates']): object[] {
  if (escalates === null) return []
  const after = `${escalates.after_ms / 1_000}s`
  return [
    { after: '3s', do: 'remind' },
    { after, do: 'escalate', to: escalates.to },
  ]
}
