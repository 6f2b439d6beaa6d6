import type { Condition } from './cel/condition.ts'
import type { Conjunct } from './cel/constant.ts'
import { follows } from './cel/limits.ts'
import type { CompiledRule } from './compile.ts'
import type { Finding, Path } from './fault.ts'

/** A warning for each condition that comes to the same whatever is asked. */
export function constantConditions(
  named: ReadonlyMap<string, Condition>,
  rules: readonly CompiledRule[],
): Finding[] {
  return [
    ...[...named].flatMap(([name, condition]) => constant(condition, ['conditions', name])),
    ...rules.flatMap(({ condition }, i) => constant(condition, ['rules', i, 'when'])),
  ]
}

function constant(condition: Condition | null, path: Path): Finding[] {
  const always = condition?.known.always ?? null
  return always === null ? [] : [{ path, detail: always ? 'is always true' : 'is never true' }]
}

/**
 * A warning for each rule that can never decide, because one above it matches whatever it matches.
 *
 * Where the condition of a rule that allows has failed, no rule may allow any more: whatever allows is passed over, and
 * those below it are asked. So a rule that allows keeps others from deciding only where they allow too, or where nothing
 * can have failed by then.
 */
export function unreachableRules(rules: readonly CompiledRule[]): Finding[] {
  const asked = rules.map(conjunctsOf)
  const unsure = rules.findIndex(
    ({ condition, terms }) => terms.effect === 'allow' && condition?.known.can_fail,
  )
  const hides = (above: number, below: number) => {
    const [one, other] = [rules[above], rules[below]]
    const [wanted, given] = [asked[above], asked[below]]
    if (!one || !other || !wanted || !given) return false
    const isPassedOver = one.terms.effect === 'allow' && unsure >= 0 && unsure <= above
    if (isPassedOver && other.terms.effect !== 'allow') return false
    return wanted.every((part) => given.some((known) => implies(known, part)))
  }
  return rules.flatMap((_, below): Finding[] => {
    const above = rules.findIndex((_, i) => i < below && hides(i, below))
    if (above < 0) return []
    const how = asked[above]?.length === 0 ? 'always matches' : 'matches whatever it matches'
    const detail = `is never reached: ${rules[above]?.name ?? ''}, above it, ${how}`
    return [{ path: ['rules', below, 'name'], detail }]
  })
}

/** Null for a rule that never matches: it hides nothing, and that it is never reached is the least of it. */
function conjunctsOf({ condition }: CompiledRule): readonly Conjunct[] | null {
  if (condition?.known.always === false) return null
  return condition === null || condition.known.always === true ? [] : condition.known.conjuncts
}

function implies(known: Conjunct, wanted: Conjunct): boolean {
  if (known.key === wanted.key) return true
  return known.limit !== null && wanted.limit !== null && follows(wanted.limit, known.limit)
}
