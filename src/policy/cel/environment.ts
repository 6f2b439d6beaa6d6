import { celEnv } from '@bufbuild/cel'
import { ownFunctions } from './functions.ts'
import type { Literals } from './literals.ts'
import type { Meter } from './meter.ts'
import { priced } from './prices.ts'

export type Environment = ReturnType<typeof celEnv>

/** CEL's standard functions as conditions have them: the library's, corrected, and each paid for. */
export function createEnvironment(meter: Meter, literals: Literals): Environment {
  const { funcs } = celEnv({ funcs: ownFunctions(literals) })
  return celEnv({ funcs: [...funcs].map((func) => priced(func, meter, literals)) })
}
