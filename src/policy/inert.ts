import type { Finding, Path } from './fault.ts'

/**
 * What a document may say and nobody acts on yet. An admin who writes one of these is told so, because a setting that
 * is silently ignored is worse than one that is refused. Whoever makes one work takes its line out. `*` stands for
 * any key or position.
 */
const inertFields: { at: string[]; detail: string }[] = [
  {
    at: ['defaults', 'allowed_decisions', '*', 'edit'],
    detail: 'kept, but has no effect yet: cards offer no edit',
  },
  {
    at: ['rules', '*', 'allowed_decisions', '*', 'edit'],
    detail: 'kept, but has no effect yet: cards offer no edit',
  },
]

/** A warning for each field of a valid document that has no effect yet. */
export function inertFindings(document: unknown): Finding[] {
  return inertFields.flatMap(({ at, detail }) => places(document, at).map(({ path }) => ({ path, detail })))
}

/** Where a pattern leads in a value. A last step may also be the plain text that stands there. */
function places(value: unknown, steps: readonly string[], path: Path = []): { path: Path; value: unknown }[] {
  const [step, ...rest] = steps
  if (step === undefined) return value === undefined ? [] : [{ path, value }]
  if (value === step) return [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  if (step !== '*')
    return places(Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined, rest, [...path, step])
  const steppable = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return steppable.flatMap(([key, inner]) => places(inner, rest, [...path, key]))
}
