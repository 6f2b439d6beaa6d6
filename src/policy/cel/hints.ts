import type { Json } from '../../approval/approval.ts'
import type { Guard } from './guard.ts'
import { admits, type Limit } from './limits.ts'

/**
 * The same as a guard for a comparison of one of the arguments with literals, as `action.arguments.amount > 100`: where it is
 * plainly false so is what it is joined to by `&&`. Where the argument is not there, or of another kind, only CEL knows.
 */
export function hintOf(limit: Limit): Guard | null {
  const path = argumentPath(limit.of)
  if (path === null) return null
  return ({ action }) => {
    const value = valueAt(action.arguments, path)
    if (limit.is === 'above' || limit.is === 'below') return typeof value !== 'number' || admits(limit, value)
    if (limit.is === 'begun by') return typeof value !== 'string' || admits(limit, value)
    return (typeof value !== 'number' && typeof value !== 'string') || admits(limit, value)
  }
}

/** `action."arguments"."order"."amount"`, as `keyOf` writes it → `['order', 'amount']`. */
function argumentPath(key: string): string[] | null {
  const steps = /^action\."arguments"((?:\."[^"\\]+")+)$/.exec(key)?.[1]
  return steps === undefined ? null : [...steps.matchAll(/"([^"]+)"/g)].map(([, step = '']) => step)
}

function valueAt(value: Json, path: readonly string[]): Json | undefined {
  let found: Json | undefined = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, step))
      return undefined
    found = found[step]
  }
  return found
}
