import { readFile } from 'node:fs/promises'
import type { StageRoles } from '../../approval/plan.ts'
import { fail, ok, warn, type Check } from '../../platform/check.ts'
import { adminsOf, parsePolicy, rolesOf, type ParsedPolicy, type Role } from '../../policy/index.ts'
import type { Database } from '../../store/database.ts'
import { newestPolicy, type PolicyVersionRow } from '../../store/policy-versions.ts'

/** One stage that a rule asks for. `owner_barred`: an agent's owner may not approve what that agent asks for. */
export type Need = { rule: string; roles: StageRoles; approvals: number; owner_barred: boolean }

export type Demands = { admins: string[]; roles: Role[]; needs: Need[] }

const nothing: Demands = { admins: [], roles: [], needs: [] }

/**
 * The policy that counts: the database's newest, or the file where the database has none or cannot be asked. Never
 * throws.
 */
export async function examinePolicy(
  database: Database | null,
  file: string,
): Promise<{ checks: Check[]; demands: Demands }> {
  const [stored, text] = await Promise.all([
    database ? newestPolicy(database).catch(() => null) : null,
    readFile(file, 'utf8').catch(() => null),
  ])
  if (stored) {
    const { checks, demands } = judge(
      `version ${stored.version}`,
      stored.document,
      'Save a version without it.',
    )
    return { checks: [...checks, ...differs(stored, text, file)], demands }
  }
  if (text === null) {
    const remedy = 'Set POLICY_FILE to a policy; policy.yaml of this repository is one to start from.'
    return {
      checks: [
        fail('policy', `POLICY_FILE ${file} cannot be read, and no policy was found elsewhere`, remedy),
      ],
      demands: nothing,
    }
  }
  const judged = judge(file, text, 'Mend the file.')
  const note = ok('policy file', `${file} counts until the database has a policy, and becomes its version 1`)
  return { ...judged, checks: [...judged.checks, note] }
}

function judge(name: string, text: string, remedy: string): { checks: Check[]; demands: Demands } {
  const parsed = parsePolicy(text)
  const said = ({ line, column, detail }: { line: number; column: number; detail: string }) =>
    `${name}, line ${line}, column ${column}: ${detail}`
  if (!parsed.ok)
    return { checks: parsed.faults.map((fault) => fail('policy', said(fault), remedy)), demands: nothing }
  const { roles, rules } = parsed.document
  const size = `${Object.keys(roles).length} roles, ${rules.length} rules`
  return {
    checks: [
      ok('policy', `${name}: ${size}`),
      ...parsed.warnings.map((fault) => warn('policy', said(fault))),
    ],
    demands: demandsOf(parsed),
  }
}

function demandsOf({ document, compiled }: ParsedPolicy & { ok: true }): Demands {
  const rules = [...compiled.rules, { name: 'defaults', terms: compiled.otherwise }]
  return {
    admins: adminsOf(document),
    roles: rolesOf(document),
    needs: rules.flatMap(({ name, terms }) =>
      terms.stages.map((stage) => ({
        rule: name,
        roles: stage.roles,
        approvals: stage.approvals,
        owner_barred: terms.separation_of_duties.owner,
      })),
    ),
  }
}

function differs(stored: PolicyVersionRow, text: string | null, file: string): Check[] {
  if (text === null || text === stored.document) return []
  return [
    warn(
      'policy file',
      `${file} differs from version ${stored.version} in the database, which counts`,
      'Take the file’s changes into the policy, or bring the file up to date.',
    ),
  ]
}
