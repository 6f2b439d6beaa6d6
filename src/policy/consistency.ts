import { listed, type PolicyEffect } from '../approval/plan.ts'
import { documentStage } from './document.ts'
import { tooFew } from './enough.ts'
import type { Finding, Path } from './fault.ts'
import { didYouMean } from './nearest.ts'
import { isGroup } from './roles.ts'
import { effects } from './effects.ts'
import { leastApprovals, planStage } from './stages.ts'
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
  'editable',
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
  list(terms['stages']).forEach((stage, i) => {
    const at = [...path, 'stages', i]
    const { role, roles: several } = loose(stage)
    knows(role, [...at, 'role'])
    for (const kind of ['any', 'all'])
      list(loose(several)[kind]).forEach((name, j) => knows(name, [...at, 'roles', kind, j]))
    if (isLoose(stage)) found.push(...ofStage(stage, at))
  })
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

/** Stages of which it is known from the document alone that nobody can ever meet them. */
function unreachableStages(terms: Loose, defaults: Loose, roles: Loose, path: Path): Finding[] {
  // Whoever leaves all of these out asks what the defaults ask, and they are judged themselves.
  if (!['stages', 'escalation', 'separation_of_duties'].some((field) => field in terms)) return []
  const stages = list(terms['stages'] ?? defaults['stages']).map((stage) => documentStage.safeParse(stage))
  const whole = stages.flatMap(({ data }) => (data ? planStage(data) : []))
  // Too few for a stage that is itself written wrongly would be no help.
  if (whole.length < stages.length || whole.some(({ roles: asked }) => listed(asked).length === 0)) return []
  const to = list(terms['escalation'] ?? defaults['escalation']).flatMap((step) => texts([loose(step)['to']]))
  const found = tooFew({ stages: whole, to, repeat_barred: barsRepeats(defaults, terms) }, (role) => {
    const members = Object.hasOwn(roles, role) ? list(loose(roles[role])['members']) : []
    // How many a user group has is Slack's to say.
    return members.length === 0 || members.some(isGroupId) ? null : texts(members)
  })
  if (!found) return []
  const { stage, why } = found
  if (!('stages' in terms)) return [{ path, detail: `stage ${stage + 1} ${why}` }]
  const at = 'approvals' in loose(list(terms['stages'])[stage]) ? ['approvals'] : []
  return [{ path: [...path, 'stages', stage, ...at], detail: why }]
}

/** A stage over several roles: each once, and with `all` at least one approval for each. */
function ofStage(stage: Loose, path: Path): Finding[] {
  const several = loose(stage['roles'])
  const { all, any } = several
  const said = ['role' in stage, 'any' in several, 'all' in several].filter(Boolean).length
  const isMute = isLoose(stage['roles'] ?? {}) && Object.keys(several).length === 0
  if (said > 1 || (said === 0 && isMute))
    return [{ path, detail: 'says whom it asks: write role: NAME, or roles: {any: […]} or {all: […]}' }]
  const { approvals } = stage
  const found = [
    ...repeated(list(any), [...path, 'roles', 'any'], 'is listed twice'),
    ...repeated(list(all), [...path, 'roles', 'all'], 'is listed twice'),
  ]
  const least = leastApprovals({ all: texts(list(all)) })
  if (typeof approvals === 'number' && approvals > 0 && approvals < least)
    found.push({
      path: [...path, 'approvals'],
      detail: `is at least ${least}, one for each role: nobody counts for two`,
    })
  return found
}

/** Steps that would ask for no more approvals than each stage asks for from the start; they never ask for fewer. */
function idleRequires(terms: Loose, defaults: Loose, path: Path): Finding[] {
  const asked = list(terms['stages'] ?? defaults['stages']).map(
    (stage) => documentStage.safeParse(stage).data,
  )
  const least = Math.min(...asked.map((stage) => (stage ? planStage(stage).approvals : 0)))
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

function texts(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
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
