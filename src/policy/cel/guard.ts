import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import type { PolicyInput } from '../input.ts'

/** Something that a request must meet for a condition to hold; cheap to ask. */
export type Guard = (request: PolicyInput) => boolean

/** The parts of a request that are text in every request, so that looking at one never fails. */
const alwaysText: Readonly<Record<string, (request: PolicyInput) => string>> = {
  'action.tool': ({ action }) => action.tool,
  'agent.name': ({ agent }) => agent.name,
  'agent.owner': ({ agent }) => agent.owner,
  'agent.environment': ({ agent }) => agent.environment,
  environment: ({ environment }) => environment,
  risk: ({ risk }) => risk,
}

/**
 * Those parts of a condition joined by `&&` that compare a text of the request with literals: `action.tool == "x"`,
 * `action.tool.startsWith("x.")`, `risk in ["high"]`. Where one is false the condition is false whatever the rest does,
 * errors included, as CEL has it that false && error is false. So most of a thousand rules need no evaluation.
 *
 * @param ofNamed the guards of a named condition, which it has brought with it
 */
export function guardsOf(expr: Expr, ofNamed: (name: string) => readonly Guard[]): Guard[] {
  if (expr.exprKind.case === 'identExpr') return [...ofNamed(expr.exprKind.value.name)]
  if (expr.exprKind.case !== 'callExpr') return []
  const { function: name, target, args } = expr.exprKind.value
  const [left, right] = args
  if (name === '_&&_') return args.flatMap((arg) => guardsOf(arg, ofNamed))
  if (name === 'startsWith' && target && left)
    return guard(target, textOf(left), (text, wanted) => text.startsWith(wanted))
  if (name === '_==_' && left && right)
    return [
      ...guard(left, textOf(right), (text, wanted) => text === wanted),
      ...guard(right, textOf(left), (text, wanted) => text === wanted),
    ]
  if (name === '@in' && left && right) return guard(left, textsOf(right), (text, wanted) => wanted.has(text))
  return []
}

function guard<T>(part: Expr, wanted: T | null, holds: (text: string, wanted: T) => boolean): Guard[] {
  const path = pathOf(part)
  const read = path !== null && Object.hasOwn(alwaysText, path) ? alwaysText[path] : undefined
  return read && wanted !== null ? [(request) => holds(read(request), wanted)] : []
}

/** `action.tool` or `risk` as written, else null. */
function pathOf({ exprKind }: Expr): string | null {
  if (exprKind.case === 'identExpr') return exprKind.value.name
  if (exprKind.case !== 'selectExpr' || exprKind.value.testOnly) return null
  const operand = exprKind.value.operand?.exprKind
  return operand?.case === 'identExpr' ? `${operand.value.name}.${exprKind.value.field}` : null
}

/** A text literal's value, else null. */
export function textOf({ exprKind }: Expr): string | null {
  const constant = exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined
  return constant?.case === 'stringValue' ? constant.value : null
}

function textsOf({ exprKind }: Expr): Set<string> | null {
  if (exprKind.case !== 'listExpr') return null
  const texts = exprKind.value.elements.map(textOf).filter((text) => text !== null)
  return texts.length === exprKind.value.elements.length ? new Set(texts) : null
}
