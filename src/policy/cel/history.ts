import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import type { HistoryValues } from '../../approval/history.ts'
import { childrenOf } from './bounds.ts'
import { textOf } from './guard.ts'

/** The entries of `history` that an expression may look at: all of them where it does not name the one that it takes. */
export function historyIn(expr: Expr, entries: readonly string[]): string[] {
  const named = new Set<string>()
  const look = (part: Expr) => {
    const name = entryNamed(part)
    if (name !== null) named.add(name)
    else if (isHistory(part)) for (const entry of entries) named.add(entry)
    else childrenOf(part).forEach(look)
  }
  look(expr)
  return entries.filter((entry) => named.has(entry))
}

/** Why an expression that looks at these failed, if it is for what is not known of the past. */
export function whyUnknown(looked_at: readonly string[], history: HistoryValues): string | null {
  const reasons = looked_at.flatMap((name) => {
    const value = history[name]
    if (typeof value === 'number') return []
    return [`history.${name} is not known${value ? `: ${value.failed}` : ''}`]
  })
  return reasons.length === 0 ? null : reasons.join('; ')
}

/** `x` of `history.x`, `has(history.x)` and `history["x"]`, else null. */
function entryNamed({ exprKind }: Expr): string | null {
  if (exprKind.case === 'selectExpr')
    return exprKind.value.operand && isHistory(exprKind.value.operand) ? exprKind.value.field : null
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return null
  const [operand, index] = exprKind.value.args
  return operand && index && isHistory(operand) ? textOf(index) : null
}

function isHistory({ exprKind }: Expr): boolean {
  return exprKind.case === 'identExpr' && exprKind.value.name === 'history'
}
