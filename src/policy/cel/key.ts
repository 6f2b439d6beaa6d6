import type { Constant, Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { childrenOf } from './bounds.ts'

/** The same text for two expressions that are built of the same parts, however they are written. */
export function keyOf(expr: Expr): string {
  const { exprKind } = expr
  const inside = () => childrenOf(expr).map(keyOf).join(',')
  switch (exprKind.case) {
    case 'constExpr':
      return constantKey(exprKind.value)
    case 'identExpr':
      return exprKind.value.name
    case 'selectExpr':
      return `${exprKind.value.testOnly ? 'has ' : ''}${inside()}.${JSON.stringify(exprKind.value.field)}`
    case 'callExpr': {
      const { function: name, target } = exprKind.value
      return `${name}${target ? '@' : ''}(${inside()})`
    }
    case 'listExpr':
      return `[${inside()}]`
    case 'structExpr':
      return `{${inside()}}`
    case 'comprehensionExpr':
      return `for ${exprKind.value.iterVar},${exprKind.value.accuVar}(${inside()})`
    case undefined:
    default:
      return '?'
  }
}

function constantKey({ constantKind: { case: kind, value } }: Constant): string {
  const text =
    typeof value === 'bigint'
      ? value.toString()
      : value instanceof Uint8Array
        ? value.join()
        : JSON.stringify(value)
  return `${kind}:${text}`
}
