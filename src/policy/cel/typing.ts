import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { didYouMean } from '../nearest.ts'
import type { ConditionFault } from './condition.ts'
import type { Environment } from './environment.ts'
import { textOf } from './guard.ts'
import type { Literals } from './literals.ts'
import { doubtsOfLiterals, doubtsOfRisk, failureOfLiterals } from './doubts.ts'
import { functionNames, macroUse, noOverload } from './operators.ts'
import * as types from './static.ts'
import type { Static } from './static.ts'
import type { Variables } from './variables.ts'

type Scope = ReadonlyMap<string, Static>

/** What an expression can name, and what only those further down can. */
type Names = { variables: Variables; later: ReadonlySet<string> }

/** Names that stand for a type, as in `type(x) == string`. */
export const typeNames: ReadonlySet<string> = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
])

/**
 * What can be known to be wrong with an expression before any request is there: names and functions that do not exist,
 * types that no function takes, patterns and time zones, and a result that is not true or false. The library's own
 * checker knows constants and names only.
 */
export function faultsIn(
  root: Expr,
  { variables, later }: Names,
  environment: Environment,
  literals: Literals,
  offsetOf: (id: bigint) => number,
): ConditionFault[] {
  const faults: ConditionFault[] = []
  const fault = (at: Expr, detail: string): Static => {
    const offset = offsetOf(at.id)
    // A part is looked at twice where it stands in a loop.
    if (!faults.some((known) => known.offset === offset && known.detail === detail))
      faults.push({ offset, detail })
    return types.unknown
  }

  function infer(expr: Expr, scope: Scope): Static {
    const { exprKind } = expr
    switch (exprKind.case) {
      case 'constExpr':
        return types.ofConstant(exprKind.value)
      case 'identExpr':
        return inferName(expr, exprKind.value.name, scope)
      case 'selectExpr': {
        const { operand, field, testOnly } = exprKind.value
        const selected = operand ? inferField(expr, infer(operand, scope), field) : types.unknown
        return testOnly ? types.bool : selected
      }
      case 'callExpr':
        return inferCall(expr, exprKind.value, scope)
      case 'listExpr':
        return types.list(
          exprKind.value.elements.map((element) => infer(element, scope)).reduce(types.either, undefined),
        )
      case 'structExpr': {
        if (exprKind.value.messageName !== '')
          return fault(expr, `there is no type "${exprKind.value.messageName}"`)
        const values = exprKind.value.entries.map(({ keyKind, value }) => {
          if (keyKind.case === 'mapKey') infer(keyKind.value, scope)
          return value && infer(value, scope)
        })
        return types.map(values.reduce(types.either, undefined))
      }
      case 'comprehensionExpr':
        return inferLoop(exprKind.value, scope)
      case undefined:
      default:
        return fault(expr, 'not an expression')
    }
  }

  function inferName(expr: Expr, name: string, scope: Scope): Static {
    const found = scope.get(name) ?? (Object.hasOwn(variables, name) ? variables[name] : undefined)
    if (found) return found
    if (typeNames.has(name)) return types.typeName
    if (later.has(name))
      return fault(expr, `"${name}" is not known here yet: a condition can name those above it`)
    return fault(
      expr,
      `unknown name "${name}"${didYouMean(name, [...Object.keys(variables), ...scope.keys()])}`,
    )
  }

  function inferField(at: Expr, operand: Static, field: string): Static {
    if (operand.fields) {
      const known = Object.keys(operand.fields)
      const found = Object.hasOwn(operand.fields, field) ? operand.fields[field] : undefined
      const those = known.length === 0 ? 'the policy defines none' : `there are ${known.join(', ')}`
      return found ?? fault(at, `there is no field "${field}"${didYouMean(field, known)}: ${those}`)
    }
    if (['map', 'json', 'any'].includes(operand.is)) return types.elementOf(operand) ?? types.unknown
    return fault(at, `${types.describe(operand)} has no field "${field}"`)
  }

  type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value']

  function inferCall(expr: Expr, { function: name, target, args }: Call, scope: Scope): Static {
    const parts = target ? [target, ...args] : args
    const given = parts.map((part) => infer(part, scope))
    const wantBool = (from: number, to: number) => {
      for (const [i, type] of given.slice(from, to).entries())
        if (!['bool', 'json', 'any'].includes(type.is))
          fault(parts[from + i] ?? expr, `${types.describe(type)} where true or false is needed`)
    }
    const [first, second, third] = given
    switch (name) {
      case '_&&_':
      case '_||_':
        wantBool(0, given.length)
        return types.bool
      case '@not_strictly_false':
        return types.bool
      case '_?_:_':
        wantBool(0, 1)
        return types.either(second, third) ?? types.unknown
      case '_[_]':
        return inferIndex(expr, parts, given)
      case 'dyn':
        return types.unknown
      default:
    }
    const doubts = [...doubtsOfLiterals(expr, literals), ...doubtsOfRisk(expr)]
    for (const { at, detail } of doubts) fault(at, detail)
    const overloads = [...(environment.funcs.find(name) ?? [])]
    if (overloads.length === 0) {
      const use = macroUse(name)
      if (use !== null) return fault(expr, `${name} is written ${use}`)
      return fault(expr, `unknown function ${name}${didYouMean(name, functionNames(environment))}`)
    }
    const matching = overloads.filter(
      (one) =>
        (one.target !== undefined) === (target !== undefined) &&
        one.arguments.length === args.length &&
        (!target || !one.target || types.fits(first ?? types.unknown, one.target)) &&
        one.arguments.every((wanted, i) => types.fits(given[target ? i + 1 : i] ?? types.unknown, wanted)),
    )
    if (matching.length === 0) return fault(expr, noOverload(name, given, target !== undefined, overloads))
    const failure = faults.length === 0 ? failureOfLiterals(expr, environment) : null
    if (failure !== null) return fault(expr, `always fails: ${failure}`)
    if (name === '_+_' && first?.is === 'list' && second?.is === 'list')
      return types.either(first, second) ?? first
    return matching.map((one) => types.ofResult(one.result)).reduce((a, b) => types.either(a, b) ?? a)
  }

  function inferIndex(at: Expr, parts: Expr[], [operand, index]: Static[]): Static {
    if (!operand || !index) return fault(at, 'an index is missing')
    const key = parts[1] && textOf(parts[1])
    if (operand.fields && key !== null && key !== undefined) return inferField(at, operand, key)
    const number = ['int', 'uint', 'double', 'json', 'any'].includes(index.is)
    if (operand.is === 'list' && !number)
      return fault(at, `a list has no element at ${types.describe(index)}`)
    if (!['list', 'map', 'json', 'any'].includes(operand.is))
      return fault(at, `${types.describe(operand)} has no elements`)
    return types.elementOf(operand) ?? types.unknown
  }

  type Loop = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value']

  function inferLoop({ iterRange, iterVar, accuVar, ...parts }: Loop, scope: Scope): Static {
    const { accuInit, loopCondition, loopStep, result } = parts
    if (!iterRange || !accuInit || !loopCondition || !loopStep || !result) return types.unknown
    const range = infer(iterRange, scope)
    if (!['list', 'map', 'json', 'any'].includes(range.is))
      return fault(iterRange, `${types.describe(range)} where a list or a map is needed`)
    // Over a map, a loop goes over its keys.
    const item = range.is === 'map' ? types.string : (types.elementOf(range) ?? types.unknown)
    const start = infer(accuInit, scope)
    const inside = (accumulated: Static) => new Map([...scope, [iterVar, item], [accuVar, accumulated]])
    const step = infer(loopStep, inside(start))
    const reached = types.either(start, step) ?? types.unknown
    infer(loopCondition, inside(reached))
    return infer(result, inside(reached))
  }

  const type = infer(root, new Map())
  if (faults.length === 0 && !['bool', 'json', 'any'].includes(type.is))
    fault(root, `a condition is true or false; this is ${types.describe(type)}`)
  return faults
}
