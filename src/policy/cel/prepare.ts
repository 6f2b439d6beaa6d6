import { create } from '@bufbuild/protobuf'
import { ExprSchema, type Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { childrenOf, countNodes } from './bounds.ts'
import { loopCharge } from './prices.ts'

/**
 * Changes a parsed expression in place before it is planned. Each loop pays for its whole range before it starts,
 * because the evaluator has no limit of its own. `has(x.f)` becomes `"f" in x`, which is what CEL says it is for maps;
 * the library's own says that a key whose value is null is not there.
 */
export function prepare(expr: Expr): Expr {
  for (const child of childrenOf(expr)) prepare(child)
  const { exprKind } = expr
  if (exprKind.case === 'comprehensionExpr' && exprKind.value.iterRange && exprKind.value.loopStep) {
    const { iterRange, loopStep } = exprKind.value
    exprKind.value.iterRange = call(expr.id, loopCharge, [iterRange, whole(expr.id, countNodes(loopStep))])
  }
  if (exprKind.case === 'selectExpr' && exprKind.value.testOnly && exprKind.value.operand) {
    const { field, operand } = exprKind.value
    expr.exprKind = call(expr.id, '@in', [text(expr.id, field), operand]).exprKind
  }
  return expr
}

function call(id: bigint, name: string, args: Expr[]): Expr {
  return create(ExprSchema, { id, exprKind: { case: 'callExpr', value: { function: name, args } } })
}

function whole(id: bigint, value: number): Expr {
  const constantKind = { case: 'int64Value' as const, value: BigInt(value) }
  return create(ExprSchema, { id, exprKind: { case: 'constExpr', value: { constantKind } } })
}

function text(id: bigint, value: string): Expr {
  const constantKind = { case: 'stringValue' as const, value }
  return create(ExprSchema, { id, exprKind: { case: 'constExpr', value: { constantKind } } })
}
