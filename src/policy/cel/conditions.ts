import { isCelError, parse, plan } from '@bufbuild/cel'
import * as z from 'zod'
import type { HistoryValues } from '../../approval/history.ts'
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import type { PolicyInput } from '../input.ts'
import { messageOf } from '../message.ts'
import { textExcess, treeExcess } from './bounds.ts'
import type { Condition, ConditionFault, Facts } from './condition.ts'
import { createEnvironment } from './environment.ts'
import { guardsOf } from './guard.ts'
import { historyIn, whyUnknown } from './history.ts'
import { createLiterals } from './literals.ts'
import { createMeter } from './meter.ts'
import { prepare } from './prepare.ts'
import { faultsIn } from './typing.ts'
import { bindingsOf, variablesWith } from './variables.ts'

/** The conditions of one policy. They share what one request may cost. */
export type Conditions = {
  /** CEL text → a condition, checked for names, types, patterns and size; or everything that is wrong with it. */
  compile(text: string): { ok: true; condition: Condition } | { ok: false; faults: ConditionFault[] }
  /** Takes a request in; its conditions must be tested before the next one is read. */
  read(request: PolicyInput, now: Date, history: HistoryValues): Facts
}

/** @param entries the names in the policy's `history` */
export function createConditions(entries: readonly string[] = []): Conditions {
  const variables = variablesWith(entries)
  const meter = createMeter()
  const literals = createLiterals()
  const environment = createEnvironment(meter, literals)

  function compile(text: string): ReturnType<Conditions['compile']> {
    meter.reset()
    const tooLong = textExcess(text)
    if (tooLong) return { ok: false, faults: [tooLong] }
    const parsed = parseText(text)
    if (!parsed.ok) return { ok: false, faults: [parsed.fault] }
    const { expr, offsetOf } = parsed
    const tooLarge = treeExcess(expr)
    if (tooLarge) return { ok: false, faults: [{ offset: offsetOf(tooLarge.id), detail: tooLarge.detail }] }
    const faults = faultsIn(expr, variables, environment, literals, offsetOf)
    if (faults.length > 0) return { ok: false, faults }
    const guards = guardsOf(expr)
    const mayHold = (request: PolicyInput) => guards.every((holds) => holds(request))
    const history = historyIn(expr, entries)
    const run = plan(environment, prepare(expr))
    return {
      ok: true,
      condition: {
        history,
        mayHold,
        test(facts) {
          if (!mayHold(facts.request)) return false
          if (!facts.bindings) return { failed: 'the request is nested too deeply' }
          if (meter.isExhausted()) return { failed: 'the conditions before it cost too much on this request' }
          const result = run(facts.bindings)
          if (meter.isExhausted()) return { failed: 'the conditions cost too much on this request' }
          if (isCelError(result))
            return { failed: whyUnknown(history, facts.history) ?? result.message.slice(0, 300) }
          return typeof result === 'boolean' ? result : { failed: 'the condition is neither true nor false' }
        },
      },
    }
  }

  return {
    compile,
    read(request, now, history) {
      meter.reset()
      return { request, history, bindings: bindingsOf(request, now, history) }
    },
  }
}

type Parsed =
  { ok: true; expr: Expr; offsetOf: (id: bigint) => number } | { ok: false; fault: ConditionFault }

function parseText(text: string): Parsed {
  try {
    const { expr, sourceInfo } = parse(text)
    return { ok: true, expr, offsetOf: (id) => sourceInfo?.positions[id.toString()] ?? 0 }
  } catch (error) {
    const message = messageOf(error).replace(/^<input>:\d+:\d+: /, '')
    return { ok: false, fault: { offset: offsetIn(error), detail: `not CEL: ${message}` } }
  }
}

/** The parser's errors carry the place, but not in their public type. */
const placed = z.object({ location: z.object({ start: z.object({ offset: z.number() }) }) })

function offsetIn(error: unknown): number {
  return placed.safeParse(error).data?.location.start.offset ?? 0
}
