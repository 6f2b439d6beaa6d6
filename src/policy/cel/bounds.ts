import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'

/** The bounds of one condition's text; far above any rule that a person can read. */
export const longestText = 2_000
export const mostNodes = 500
export const deepestBrackets = 24
export const deepestLoops = 2

/** What makes a text too large to even be parsed, and where; null when nothing does. */
export function textExcess(text: string): { offset: number; detail: string } | null {
  if (text.length > longestText)
    return { offset: longestText, detail: `longer than ${longestText} characters: split the rule` }
  // The parser's time grows with the square of the brackets that are open at once.
  const withoutStrings = text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/gs, (match) =>
    ' '.repeat(match.length),
  )
  let depth = 0
  for (let offset = 0; offset < withoutStrings.length; offset++) {
    const char = withoutStrings.charAt(offset)
    if ('([{'.includes(char)) depth++
    if (')]}'.includes(char)) depth--
    if (depth > deepestBrackets)
      return { offset, detail: `brackets nested more than ${deepestBrackets} deep` }
  }
  return null
}

/** What makes a parsed expression too large to be evaluated, and the part that does. */
export function treeExcess(expr: Expr): { id: bigint; detail: string } | null {
  if (countNodes(expr) > mostNodes)
    return { id: expr.id, detail: `more than ${mostNodes} parts: split the rule` }
  return loopExcess(expr, deepestLoops)
}

function loopExcess(expr: Expr, left: number): { id: bigint; detail: string } | null {
  const isLoop = expr.exprKind.case === 'comprehensionExpr'
  if (isLoop && left === 0)
    return { id: expr.id, detail: `all, exists, map and filter nested more than ${deepestLoops} deep` }
  for (const child of childrenOf(expr)) {
    const found = loopExcess(child, isLoop ? left - 1 : left)
    if (found) return found
  }
  return null
}

export function countNodes(expr: Expr): number {
  return childrenOf(expr).reduce((sum, child) => sum + countNodes(child), 1)
}

/** The expressions directly inside one. */
export function childrenOf({ exprKind: { case: kind, value } }: Expr): Expr[] {
  const present = (...children: (Expr | undefined)[]) => children.filter((child) => child !== undefined)
  switch (kind) {
    case 'selectExpr':
      return present(value.operand)
    case 'callExpr':
      return present(value.target, ...value.args)
    case 'listExpr':
      return value.elements
    case 'structExpr':
      return present(
        ...value.entries.flatMap(({ keyKind, value }) => [
          keyKind.case === 'mapKey' ? keyKind.value : undefined,
          value,
        ]),
      )
    case 'comprehensionExpr':
      return present(value.iterRange, value.accuInit, value.loopCondition, value.loopStep, value.result)
    case 'constExpr':
    case 'identExpr':
    case undefined:
    default:
      return []
  }
}
