import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import type { HistoryValues } from '../../approval/history.ts'
import { childrenOf } from './bounds.ts'

/** The entries of `history` that an expression looks at. */
export function historyIn(expr: Expr): string[] {
  return [...new Set(usesIn(expr).flatMap(({ entry }) => entry ?? []))]
}

/**
 * What `history` is used for beside looking at an entry by its name. `has(history.x)` and `"x" in history` would be false
 * where an entry is not known, and let a condition hold or not hold that has to fail.
 */
export function misusesOfHistory(expr: Expr): Expr[] {
  return usesIn(expr).flatMap(({ at, entry }) => (entry === null ? at : []))
}

/** Why an expression that looks at these failed, if it is for what is not known of the past. */
export function whyUnknown(entries: readonly string[], history: HistoryValues): string | null {
  const reasons = entries.flatMap((name) => {
    const value = Object.hasOwn(history, name) ? history[name] : undefined
    if (typeof value === 'number') return []
    return [`history.${name} is not known${value ? `: ${value.failed}` : ''}`]
  })
  return reasons.length === 0 ? null : reasons.join('; ')
}

type Use = { at: Expr; entry: string | null }

function usesIn(expr: Expr): Use[] {
  const { exprKind } = expr
  if (isHistory(expr)) return [{ at: expr, entry: null }]
  if (exprKind.case === 'selectExpr' && exprKind.value.operand && isHistory(exprKind.value.operand))
    return [{ at: expr, entry: exprKind.value.testOnly ? null : exprKind.value.field }]
  return childrenOf(expr).flatMap(usesIn)
}

function isHistory({ exprKind }: Expr): boolean {
  return exprKind.case === 'identExpr' && exprKind.value.name === 'history'
}
