import { celError, isCelError, type CelResult } from '@bufbuild/cel'
import type { Known } from './constant.ts'
import type { Guard } from './guard.ts'
import type { Meter } from './meter.ts'
import type { Bindings } from './variables.ts'

/** A condition that others can name. */
type Named = {
  run: (bindings: Bindings) => CelResult
  guards: readonly Guard[]
  /** The entries of `history` that it may look at, also through others. */
  history: readonly string[]
  known: Known
}

/**
 * The named conditions of a policy. Each is evaluated when it is first looked at, and at most once for a request: what it
 * came to is kept, a failure too, which is then a failure wherever it is named.
 */
export function createNamed(meter: Meter) {
  const defined = new Map<string, Named | null>()
  const came_to = new Map<string, CelResult>()
  /** What requests' bindings inherit from. */
  const bindings: Bindings = Object.create(null)

  function resultOf(name: string, of: Bindings): CelResult {
    const before = came_to.get(name)
    if (before !== undefined) return before
    const result = defined.get(name)?.run(of) ?? celError('it cannot be evaluated')
    // A failure inside is caught there; that nothing is left to spend must go through all that looks at it.
    meter.spend(0)
    const said = typeof result === 'boolean' ? result : celError(`${name}: ${whyNot(result)}`)
    came_to.set(name, said)
    return said
  }

  return {
    bindings,
    names: (): ReadonlySet<string> => new Set(defined.keys()),
    get: (name: string): Named | null => defined.get(name) ?? null,
    /** From now on others may name it. Null for one that is faulty: whoever names that is not at fault too. */
    define(name: string, condition: Named | null) {
      defined.set(name, condition)
      Object.defineProperty(bindings, name, {
        get(this: Bindings) {
          return resultOf(name, this)
        },
      })
    },
    forget: () => came_to.clear(),
  }
}

function whyNot(result: CelResult): string {
  return isCelError(result) ? result.message : 'it is neither true nor false'
}
