import type { PolicyEffect } from '../approval/plan.ts'
import { effects } from './effects.ts'
import type { Finding, Path } from './fault.ts'
import { isLoose, list, loose, texts, type Loose } from './loose.ts'
import { didYouMean } from './nearest.ts'
import { repeated } from './repeated.ts'
import { isGroup } from './roles.ts'
import { idleRequires, listedMembers, ofStage, unreachableStages } from './stage-faults.ts'
import { builtIn } from './terms.ts'

/**
 * What is wrong between the parts of a document, each part taken alone being well formed or not: it reads the plain
 * value, so that one look at a document shows all of its faults.
 */
export function inconsistencies(document: unknown): Finding[] {
  const { roles, defaults, rules } = loose(document)
  const known = loose(roles)
  const inherited = loose(defaults)
  return [
    ...repeated(list(loose(document)['admins']), ['admins'], 'is listed twice'),
    ...repeated(list(loose(document)['break_glass']), ['break_glass'], 'is listed twice'),
    ...secondAdmin(loose(document)),
    ...Object.entries(known).flatMap(([name, role]) => ofRole(name, loose(role))),
    ...ofDefaults(inherited, known),
    ...repeated(
      list(rules).map((rule) => loose(rule)['name']),
      ['rules'],
      'is the name of an earlier rule too; names are unique',
      ['name'],
    ),
    ...list(rules).flatMap((rule, i) => (isLoose(rule) ? ofRule(rule, inherited, known, ['rules', i]) : [])),
  ]
}

/** Where one admin is all there is, nobody could ever confirm a change. */
function secondAdmin({ admins, policy_changes }: Loose): Finding[] {
  if (loose(policy_changes)['second_admin'] !== true || list(admins).length !== 1) return []
  const detail = 'there is one admin only: nobody could confirm what they change'
  return [{ path: ['policy_changes', 'second_admin'], detail }]
}

function ofRole(name: string, role: Loose): Finding[] {
  const path = ['roles', name]
  const members = list(role['members'])
  const found = repeated(members, [...path, 'members'], 'is listed twice')
  if (role['mention'] === 'group' && !texts(members).some(isGroup))
    found.push({ path: [...path, 'mention'], detail: 'there is no user group in this role to mention' })
  return found
}

function ofDefaults(defaults: Loose, roles: Loose): Finding[] {
  const found = ofTerms(defaults, defaults, roles, ['defaults'])
  if (effectIn(defaults) === 'require_approval' && !('stages' in defaults))
    found.push({
      path: ['defaults'],
      detail:
        'approval is required where no rule matches, and no stages say by whom: give defaults stages, or another effect',
    })
  return found
}

/** What only makes sense where somebody is asked. */
const asking = [
  'stages',
  'expires_in',
  'on_timeout',
  'separation_of_duties',
  'allowed_decisions',
  'editable',
  'escalation',
  'extend',
  'require_details_opened',
  'require_reason',
  'reject_reasons',
]

function ofRule(rule: Loose, defaults: Loose, roles: Loose, path: Path): Finding[] {
  const found = ofTerms(rule, defaults, roles, path)
  const effect = effectIn(defaults, rule)
  if (effect === 'require_approval' && !('stages' in rule) && !('stages' in defaults))
    found.push({
      path,
      detail: 'requires approval, and neither it nor defaults have stages that say by whom',
    })
  if (effect === 'allow' || effect === 'deny') {
    const inherited = 'effect' in rule ? '' : ' (its effect comes from defaults)'
    const idle =
      effect === 'deny' ? [...asking, 'valid_for', 'outcome_within', 'require_on_behalf_of'] : asking
    for (const field of idle.filter((field) => field in rule))
      found.push({
        path: [...path, field],
        on_key: true,
        detail: `has no meaning in a rule whose effect is ${effect}${inherited}`,
      })
  }
  return found
}

function ofTerms(terms: Loose, defaults: Loose, roles: Loose, path: Path): Finding[] {
  const found: Finding[] = []
  const knows = (name: unknown, at: Path) => {
    if (typeof name === 'string' && !Object.hasOwn(roles, name))
      found.push({ path: at, detail: `there is no role "${name}"${didYouMean(name, Object.keys(roles))}` })
  }
  list(terms['stages']).forEach((stage, i) => {
    const at = [...path, 'stages', i]
    const { role, roles: several } = loose(stage)
    knows(role, [...at, 'role'])
    for (const kind of ['any', 'all'])
      list(loose(several)[kind]).forEach((name, j) => knows(name, [...at, 'roles', kind, j]))
    if (isLoose(stage)) found.push(...ofStage(stage, at))
  })
  list(terms['escalation']).forEach((step, i) => knows(loose(step)['to'], [...path, 'escalation', i, 'to']))
  found.push(...unreachableStages(terms, defaults, listedMembers(roles), path))
  found.push(...idleRequires(terms, defaults, path))

  const decisions = list(terms['allowed_decisions'])
  if ('allowed_decisions' in terms && !decisions.includes('approve') && !decisions.includes('edit'))
    found.push({
      path: [...path, 'allowed_decisions'],
      detail: 'nothing could ever be approved: list approve or edit',
    })
  found.push(...repeated(decisions, [...path, 'allowed_decisions'], 'is listed twice'))
  const reasons = list(terms['reject_reasons']).map((one) => loose(one)['reason'])
  found.push(...repeated(reasons, [...path, 'reject_reasons'], 'is listed twice', ['reason']))
  found.push(...repeated(list(terms['editable']), [...path, 'editable'], 'is listed twice'))
  list(terms['escalation']).forEach((step, i) => {
    if ('at_most' in loose(step) && !('every' in loose(step)))
      found.push({
        path: [...path, 'escalation', i, 'at_most'],
        detail: 'limits `every`, which is not there',
      })
  })
  return found
}

/** The effect, where what stands there is one; null where it is misspelt, which the schema says. */
function effectIn(defaults: Loose, own: Loose = {}): PolicyEffect | null {
  const said = own['effect'] ?? defaults['effect'] ?? builtIn.effect
  return effects.find((effect) => effect === said) ?? null
}
