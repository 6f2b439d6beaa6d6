import { listed } from '../approval/plan.ts'
import { documentStage } from './document.ts'
import { tooFew, type MembersOf } from './enough.ts'
import type { Finding, Path } from './fault.ts'
import { isLoose, list, loose, texts, type Loose } from './loose.ts'
import { repeated } from './repeated.ts'
import { isGroup } from './roles.ts'
import { leastApprovals, planStage } from './stages.ts'

/** A stage over several roles: each once, and with `all` at least one approval for each. */
export function ofStage(stage: Loose, path: Path): Finding[] {
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

/** A stage of which nobody can ever meet it, or together with those before it, however far its ladder is climbed. */
export function unreachableStages(
  terms: Loose,
  defaults: Loose,
  membersOf: MembersOf,
  path: Path,
): Finding[] {
  // Whoever leaves all of these out asks what the defaults ask, and they are judged themselves.
  if (!['stages', 'escalation', 'separation_of_duties'].some((field) => field in terms)) return []
  const stages = list(terms['stages'] ?? defaults['stages']).map((stage) => documentStage.safeParse(stage))
  const whole = stages.flatMap(({ data }) => (data ? planStage(data) : []))
  // Too few for a stage that is itself written wrongly would be no help.
  if (whole.length < stages.length || whole.some(({ roles: asked }) => listed(asked).length === 0)) return []
  const to = list(terms['escalation'] ?? defaults['escalation']).flatMap((step) => texts([loose(step)['to']]))
  const found = tooFew({ stages: whole, to, repeat_barred: barsRepeats(defaults, terms) }, membersOf)
  if (!found) return []
  const { stage, why } = found
  if (!('stages' in terms)) return [{ path, detail: `stage ${stage + 1} ${why}` }]
  const at = 'approvals' in loose(list(terms['stages'])[stage]) ? ['approvals'] : []
  return [{ path: [...path, 'stages', stage, ...at], detail: why }]
}

/** Who is in a role as the document itself says: how many a user group has is Slack's to say. */
export function listedMembers(roles: Loose): MembersOf {
  return (role) => {
    const members = Object.hasOwn(roles, role) ? texts(list(loose(roles[role])['members'])) : []
    return members.length === 0 || members.some(isGroup) ? null : members
  }
}

/** Steps that would ask for no more approvals than each stage asks for from the start; they never ask for fewer. */
export function idleRequires(terms: Loose, defaults: Loose, path: Path): Finding[] {
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
