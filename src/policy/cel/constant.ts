import { plan } from '@bufbuild/cel'
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { childrenOf } from './bounds.ts'
import type { Environment } from './environment.ts'
import { keyOf } from './key.ts'
import { canHold, limitOf, type Limit } from './limits.ts'

/** One of the parts that `&&` joins. `key` is the same for the same part in another condition. */
export type Conjunct = { key: string; limit: Limit | null }

/** What is known of a condition whatever is asked. */
export type Known = {
  /** True or false where it is never anything else, but for failing; null where that depends on the request. */
  always: boolean | null
  /** Each of them must hold. Those of a named condition stand in its place. */
  conjuncts: readonly Conjunct[]
  /** False where it only looks at what each request has: then there is nothing in it that could fail. */
  can_fail: boolean
}

/**
 * @param ofNamed what is known of a named condition; null where the name is not one's
 * @param guards how many of its parts are plain comparisons of what each request has
 */
export function knownOf(
  expr: Expr,
  environment: Environment,
  ofNamed: (name: string) => Known | null,
  guards: number,
): Known {
  const always = constantOf(expr, environment, ofNamed)
  const conjuncts = conjunctsOf(expr, ofNamed)
  const limits = conjuncts.flatMap(({ limit }) => limit ?? [])
  const can_fail = always === null && guards < conjuncts.length
  return { always: always ?? (canHold(limits) ? null : false), conjuncts, can_fail }
}

function conjunctsOf(expr: Expr, ofNamed: (name: string) => Known | null): Conjunct[] {
  const { exprKind } = expr
  if (exprKind.case === 'callExpr' && exprKind.value.function === '_&&_')
    return exprKind.value.args.flatMap((arg) => conjunctsOf(arg, ofNamed))
  const named = exprKind.case === 'identExpr' ? ofNamed(exprKind.value.name) : null
  return named ? [...named.conjuncts] : [{ key: keyOf(expr), limit: limitOf(expr) }]
}

function constantOf(
  expr: Expr,
  environment: Environment,
  ofNamed: (name: string) => Known | null,
): boolean | null {
  const { exprKind } = expr
  const of = (part: Expr | undefined) => (part ? constantOf(part, environment, ofNamed) : null)
  if (exprKind.case === 'identExpr') return ofNamed(exprKind.value.name)?.always ?? null
  if (exprKind.case === 'callExpr') {
    const { function: name, args } = exprKind.value
    const [first, second, third] = args
    if (name === '_&&_' || name === '_||_') {
      const parts = args.map(of)
      const settles = name === '_||_'
      if (parts.includes(settles)) return settles
      return parts.every((part) => part === !settles) ? !settles : null
    }
    if (name === '!_') {
      const part = of(first)
      return part === null ? null : !part
    }
    if (name === '_?_:_') {
      const [asked, yes, no] = [of(first), of(second), of(third)]
      if (asked !== null) return asked ? yes : no
      return yes === no ? yes : null
    }
  }
  if (!isOfLiterals(expr)) return null
  const result = plan(environment, expr)()
  return typeof result === 'boolean' ? result : null
}

/** Whether nothing of it is named: then it is the same for every request. */
function isOfLiterals(expr: Expr): boolean {
  if (expr.exprKind.case === 'identExpr' || expr.exprKind.case === 'comprehensionExpr') return false
  return childrenOf(expr).every(isOfLiterals)
}
