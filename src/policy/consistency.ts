import type { PolicyEffect, PlanStage } from '../approval/plan.ts'
import type { Finding, Path } from './fault.ts'
import { didYouMean } from './nearest.ts'
import { isGroup } from './roles.ts'
import { effects } from './effects.ts'
import { builtIn } from './terms.ts'

type Loose = { [key: string]: unknown }

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

function ofRole(name: string, role: Loose): Finding[] {
  const path = ['roles', name]
  const members = list(role['members'])
  const found = repeated(members, [...path, 'members'], 'is listed twice')
  if (role['mention'] === 'group' && !members.some(isGroupId))
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
  'escalation',
  'extend',
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
    const idle = effect === 'deny' ? [...asking, 'valid_for'] : asking
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
  list(terms['stages']).forEach((stage, i) => knows(loose(stage)['role'], [...path, 'stages', i, 'role']))
  list(terms['escalation']).forEach((step, i) => knows(loose(step)['to'], [...path, 'escalation', i, 'to']))
  found.push(...unreachableStages(terms, defaults, roles, path))
  found.push(...idleRequires(terms, defaults, path))

  const decisions = list(terms['allowed_decisions'])
  if ('allowed_decisions' in terms && !decisions.includes('approve') && !decisions.includes('edit'))
    found.push({
      path: [...path, 'allowed_decisions'],
      detail: 'nothing could ever be approved: list approve or edit',
    })
  found.push(...repeated(decisions, [...path, 'allowed_decisions'], 'is listed twice'))
  list(terms['escalation']).forEach((step, i) => {
    if ('at_most' in loose(step) && !('every' in loose(step)))
      found.push({
        path: [...path, 'escalation', i, 'at_most'],
        detail: 'limits `every`, which is not there',
      })
  })
  return found
}

/** Stages that ask for more distinct people than their role lists. A user group's size is not known here. */
function unreachableStages(terms: Loose, defaults: Loose, roles: Loose, path: Path): Finding[] {
  const repeatBarred = barsRepeats(defaults, terms)
  const asked = new Map<string, number>()
  return list(terms['stages']).flatMap((stage, i): Finding[] => {
    const { role: name, approvals } = loose(stage) as Partial<PlanStage>
    if (typeof name !== 'string' || typeof approvals !== 'number' || !Object.hasOwn(roles, name)) return []
    const members = list(loose(roles[name])['members'])
    const sum = approvals + (repeatBarred ? (asked.get(name) ?? 0) : 0)
    asked.set(name, sum)
    if (members.length === 0 || members.some(isGroupId) || sum <= new Set(members).size) return []
    const total = sum === approvals ? '' : `, with the stages before it ${sum} different people,`
    return [
      {
        path: [...path, 'stages', i, 'approvals'],
        detail: `asks for ${approvals}${total} where ${name} has ${new Set(members).size}`,
      },
    ]
  })
}

/** Steps that would ask for no more approvals than each stage asks for from the start; they never ask for fewer. */
function idleRequires(terms: Loose, defaults: Loose, path: Path): Finding[] {
  const asked = list(terms['stages'] ?? defaults['stages']).map((stage) => loose(stage)['approvals'])
  const least = Math.min(...asked.map((approvals) => (typeof approvals === 'number' ? approvals : 0)))
  return list(terms['escalation']).flatMap((step, i) => {
    const { do: kind, approvals } = loose(step)
    if (kind !== 'require' || typeof approvals !== 'number' || asked.length === 0 || approvals > least)
      return []
    const detail = `asks for ${approvals} where ${least} must approve from the start: a step can only ask for more`
    return [{ path: [...path, 'escalation', i, 'approvals'], detail }]
  })
}

/** Whether somebody who approved one stage is kept from the next; as in `separationOf`, the last word counts. */
function barsRepeats(...terms: Loose[]): boolean {
  const said = terms.map(({ separation_of_duties: all }) =>
    typeof all === 'boolean' ? all : loose(all)['repeat'],
  )
  return said.findLast((one) => typeof one === 'boolean') ?? true
}

/** The effect, where what stands there is one; null where it is misspelt, which the schema says. */
function effectIn(defaults: Loose, own: Loose = {}): PolicyEffect | null {
  const said = own['effect'] ?? defaults['effect'] ?? builtIn.effect
  return effects.find((effect) => effect === said) ?? null
}

function repeated(values: unknown[], base: Path, detail: string, below: Path = []): Finding[] {
  return values.flatMap((value, i) =>
    typeof value === 'string' && values.indexOf(value) < i
      ? [{ path: [...base, i, ...below], detail: `"${value}" ${detail}` }]
      : [],
  )
}

function isGroupId(member: unknown): boolean {
  return typeof member === 'string' && isGroup(member)
}

function loose(value: unknown): Loose {
  return isLoose(value) ? value : {}
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
