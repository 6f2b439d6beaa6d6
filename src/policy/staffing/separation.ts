import { listed } from '../../approval/plan.ts'
import { tooFew, type Asked, type MembersOf } from '../enough.ts'
import type { Terms } from '../terms.ts'

/**
 * What separation of duties may take from a rule: whom it keeps from approving is another person for each request, so that
 * this is no gap, and may never come up. Null where enough are left whoever that is, or where there are too few anyway.
 */
export function leftBySeparation(terms: Terms, asked: Asked, membersOf: MembersOf): string | null {
  const { asker, owner } = terms.separation_of_duties
  if (tooFew(asked, membersOf) !== null) return null
  const who = asker && owner ? ['the agent’s owner or who asked', 'the agent’s owner and who asked'] : []
  const one = asker && owner ? [] : [owner ? 'the agent’s owner' : asker ? 'who asked' : null]
  for (const [i, name] of [...who, ...one].entries()) {
    if (name === null) continue
    const left = worstWithout(i + 1, asked, membersOf)
    if (left !== null) return `where ${name} ${i === 0 ? 'is' : 'are'} among them, it ${left}`
  }
  return null
}

/** Why a plan could not be met without some of its people, where those who are missed most are missing. */
function worstWithout(count: number, asked: Asked, membersOf: MembersOf): string | null {
  // Whoever holds the same roles is missed as much: one or two of each kind are enough to try.
  const held = new Map<string, string[]>()
  const roles = new Set([...asked.stages.flatMap(({ roles: own }) => listed(own)), ...asked.to])
  for (const role of roles)
    for (const id of membersOf(role) ?? []) held.set(id, [...(held.get(id) ?? []), role])
  const kinds = new Map<string, string[]>()
  for (const [id, all] of held) {
    const key = all.join(' ')
    const alike = kinds.get(key) ?? []
    if (alike.length < count) kinds.set(key, [...alike, id])
  }
  const candidates = [...kinds.values()].flat()
  const without = (gone: readonly string[]) =>
    tooFew(asked, (role) => membersOf(role)?.filter((id) => !gone.includes(id)) ?? null)
  for (const [i, first] of candidates.entries()) {
    const others = count === 1 ? [[]] : candidates.slice(i + 1).map((second) => [second])
    for (const rest of others) {
      const found = without([first, ...rest])
      if (found) return found.why
    }
  }
  return null
}
