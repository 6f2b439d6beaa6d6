import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { childrenOf } from './bounds.ts'

/** Those of some names that an expression looks up: not where a loop's own variable bears one of them. */
export function namesIn(expr: Expr, wanted: ReadonlySet<string>): string[] {
  const found = new Set<string>()
  const look = (part: Expr, own: ReadonlySet<string>) => {
    const { exprKind } = part
    if (exprKind.case === 'identExpr') {
      const { name } = exprKind.value
      if (wanted.has(name) && !own.has(name)) found.add(name)
    }
    const isLoop = exprKind.case === 'comprehensionExpr'
    const inside = isLoop ? new Set([...own, exprKind.value.iterVar, exprKind.value.accuVar]) : own
    for (const child of childrenOf(part)) {
      // What a loop goes over, and what it begins with, are outside of it.
      const outside = isLoop && (child === exprKind.value.iterRange || child === exprKind.value.accuInit)
      look(child, outside ? own : inside)
    }
  }
  if (wanted.size > 0) look(expr, new Set())
  return [...found]
}
