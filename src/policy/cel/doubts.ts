import { isCelError, plan } from '@bufbuild/cel'
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { risks } from '../../approval/approval.ts'
import { didYouMean } from '../nearest.ts'
import { childrenOf } from './bounds.ts'
import { zoned } from './calendar.ts'
import type { Environment } from './environment.ts'
import { textOf } from './guard.ts'
import type { Literals } from './literals.ts'
import { spelling } from './operators.ts'

/** A part of a condition that is well typed and still cannot be meant. */
export type Doubt = { at: Expr; detail: string }

/** Patterns and time zones that are not written out, or not right. They are compiled here: see `Literals`. */
export function doubtsOfLiterals(call: Expr, literals: Literals): Doubt[] {
  if (call.exprKind.case !== 'callExpr') return []
  const { function: name, target, args } = call.exprKind.value
  const [first] = args
  const isPattern = name === 'matches'
  if (!target || !first || (!isPattern && !zoned.has(name))) return []
  const text = textOf(first)
  if (text === null) {
    const what = isPattern ? 'pattern' : 'time zone'
    return [
      { at: call, detail: `the ${what} of ${name} must be written out here, so that it can be checked` },
    ]
  }
  const detail = isPattern ? literals.addPattern(text) : literals.addZone(text)
  return detail === null ? [] : [{ at: first, detail }]
}

/** Risks are names: as texts, "critical" comes before "high". */
export function doubtsOfRisk(call: Expr): Doubt[] {
  const parts = childrenOf(call)
  const isRisk = ({ exprKind }: Expr) => exprKind.case === 'identExpr' && exprKind.value.name === 'risk'
  if (call.exprKind.case !== 'callExpr' || !parts.some(isRisk)) return []
  const { function: name } = call.exprKind.value
  if (['_<_', '_<=_', '_>_', '_>=_'].includes(name))
    return [
      {
        at: call,
        detail: `${spelling(name)} would compare risk by its letters: write risk in ["high", "critical"]`,
      },
    ]
  if (!['_==_', '_!=_', '@in'].includes(name)) return []
  const named = parts.flatMap((part) => (part.exprKind.case === 'listExpr' ? childrenOf(part) : part))
  return named.flatMap((at): Doubt[] => {
    const text = textOf(at)
    if (text === null || risks.some((risk) => risk === text)) return []
    return [
      { at, detail: `risk is never "${text}"${didYouMean(text, risks)}: it is one of ${risks.join(', ')}` },
    ]
  })
}

/** What is made of literals only has one outcome, and that must not be a failure: `timestamp("tomorrow")`. */
export function failureOfLiterals(call: Expr, environment: Environment): string | null {
  const parts = childrenOf(call)
  if (parts.length === 0 || !parts.every(({ exprKind }) => exprKind.case === 'constExpr')) return null
  const result = plan(environment, call)()
  return isCelError(result) ? result.message : null
}
