import { isCelError, parse, plan } from '@bufbuild/cel'
import * as z from 'zod'
import type { HistoryValues } from '../../approval/history.ts'
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import type { PolicyInput } from '../input.ts'
import { messageOf } from '../message.ts'
import { textExcess, treeExcess } from './bounds.ts'
import { knownOf } from './constant.ts'
import type { Condition, ConditionFault, Facts } from './condition.ts'
import { createEnvironment } from './environment.ts'
import { guardsOf } from './guard.ts'
import { hintOf } from './hints.ts'
import { historyIn, misusesOfHistory, whyUnknown } from './history.ts'
import { createLiterals } from './literals.ts'
import { failureWords } from './operators.ts'
import { createMeter } from './meter.ts'
import { prepare } from './prepare.ts'
import { createNamed } from './named.ts'
import { namesIn } from './names.ts'
import { bool } from './static.ts'
import { faultsIn } from './typing.ts'
import { bindingsOf, variablesWith } from './variables.ts'

/** The conditions of one policy. They share what one request may cost. */
export type Conditions = {
  /**
   * CEL text → a condition, checked for names, types, patterns and size; or everything that is wrong with it.
   *
   * @param later names that are defined only afterwards, so that the fault can say so
   */
  compile(text: string, later?: ReadonlySet<string>): Compiled
  /** The same, and from then on other conditions can name it. */
  define(name: string, text: string, later?: ReadonlySet<string>): Compiled
  /** Takes a request in; its conditions must be tested before the next one is read. */
  read(request: PolicyInput, now: Date, history: HistoryValues): Facts
}

type Compiled = { ok: true; condition: Condition } | { ok: false; faults: ConditionFault[] }

/** @param entries the names in the policy's `history` */
export function createConditions(entries: readonly string[] = []): Conditions {
  const given = variablesWith(entries)
  const meter = createMeter()
  const literals = createLiterals()
  const environment = createEnvironment(meter, literals)
  const named = createNamed(meter)

  /** All of what is known of a condition before it is planned, which changes it. */
  function read(text: string, later: ReadonlySet<string>) {
    meter.reset()
    const refuse = (...faults: ConditionFault[]) => ({ ok: false as const, faults })
    const tooLong = textExcess(text)
    if (tooLong) return refuse(tooLong)
    const parsed = parseText(text)
    if (!parsed.ok) return refuse(parsed.fault)
    const { expr, offsetOf } = parsed
    const tooLarge = treeExcess(expr)
    if (tooLarge) return refuse({ offset: offsetOf(tooLarge.id), detail: tooLarge.detail })
    const names = namesIn(expr, named.names())
    const variables = { ...given, ...Object.fromEntries([...named.names()].map((name) => [name, bool])) }
    const faults = [
      ...faultsIn(expr, { variables, later }, environment, literals, offsetOf),
      ...misusesOfHistory(expr).map(({ id }) => ({
        offset: offsetOf(id),
        detail: 'what was allowed before is looked at by name, as in history.refunded_today > 1000',
      })),
    ]
    if (faults.length > 0) return refuse(...faults)
    const guards = guardsOf(expr, (name) => named.get(name)?.guards ?? [])
    const throughNames = names.flatMap((name) => named.get(name)?.history ?? [])
    const history = [...new Set([...historyIn(expr), ...throughNames])]
    const known = knownOf(expr, environment, (name) => named.get(name)?.known ?? null, guards.length)
    return { ok: true as const, names, guards, history, known, run: plan(environment, prepare(expr)) }
  }

  function compiled({
    names,
    guards,
    history,
    known,
    run,
  }: Extract<ReturnType<typeof read>, { ok: true }>): Condition {
    const hints = known.conjuncts.flatMap(({ limit }) => (limit && hintOf(limit)) ?? [])
    const asked = [...guards, ...hints]
    const mayHold = (request: PolicyInput) => asked.every((holds) => holds(request))
    return {
      names,
      history,
      known,
      mayHold,
      test(facts) {
        if (!mayHold(facts.request)) return false
        if (!facts.bindings) return { failed: 'the request is nested too deeply' }
        if (meter.isExhausted()) return { failed: 'the conditions before it cost too much on this request' }
        const result = run(facts.bindings)
        if (meter.isExhausted()) return { failed: 'the conditions cost too much on this request' }
        if (isCelError(result))
          return { failed: whyUnknown(history, facts.history) ?? failureWords(result.message).slice(0, 300) }
        return typeof result === 'boolean' ? result : { failed: 'the condition is neither true nor false' }
      },
    }
  }

  return {
    compile(text, later = new Set()) {
      const found = read(text, later)
      return found.ok ? { ok: true, condition: compiled(found) } : found
    },
    define(name, text, later = new Set()) {
      const found = read(text, later)
      named.define(name, found.ok ? found : null)
      return found.ok ? { ok: true, condition: compiled(found) } : found
    },
    read(request, now, history) {
      meter.reset()
      named.forget()
      return { request, history, bindings: bindingsOf(request, now, history, named.bindings) }
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
