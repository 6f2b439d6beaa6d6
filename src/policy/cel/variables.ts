import { celList, celMap, type CelInput } from '@bufbuild/cel'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { HistoryValues } from '../../approval/history.ts'
import type { PolicyInput } from '../input.ts'
import { double, dynamic, map, record, string, timestamp, type Static } from './static.ts'

export type Variables = Readonly<Record<string, Static>>

/** What every condition can name, and its type when the policy is saved. A nullable text is `dynamic`. */
const variables: Variables = {
  action: record({ tool: string, arguments: map(dynamic), summary: dynamic, justification: dynamic }),
  risk: string,
  environment: string,
  agent: record({ name: string, owner: string, environment: string }),
  run_id: dynamic,
  on_behalf_of: dynamic,
  subject: { ...dynamic, fields: { type: string, id: string, url: dynamic } },
  metadata: map(string),
  now: timestamp,
}

/** With the entries of the policy's `history`. */
export function variablesWith(entries: readonly string[]): Variables {
  return { ...variables, history: record(Object.fromEntries(entries.map((name) => [name, double]))) }
}

export type Bindings = Record<string, CelInput>

/** What the intake accepts at most; what is deeper did not come from there. */
const deepest = 64

/**
 * A request as CEL values. Numbers are doubles, as CEL has it for JSON, so that a rule does not behave differently for
 * 240 and 240.5. Objects become maps, so that a key like `__proto__` is a key. Null where it is nested too deeply.
 *
 * @param named the policy's named conditions, each worked out where it is first looked at
 */
export function bindingsOf(
  input: PolicyInput,
  now: Date,
  history: HistoryValues,
  named: Bindings,
): Bindings | null {
  try {
    const { action, agent, subject } = input
    const { tool, arguments: args, summary, justification } = action
    return {
      // Not what every object inherits: then those names would be variables.
      __proto__: named,
      action: toCel({ tool, arguments: args, summary, justification }, 0),
      risk: input.risk,
      environment: input.environment,
      agent: toCel({ name: agent.name, owner: agent.owner, environment: agent.environment }, 0),
      run_id: input.run_id,
      on_behalf_of: input.on_behalf_of,
      subject: subject && toCel({ type: subject.type, id: subject.id, url: subject.url }, 0),
      metadata: toCel(input.metadata, 0),
      now: timestampFromDate(now),
      // What could not be told is not there: looking at it fails.
      history: celMap(new Map(Object.entries(history).filter(isKnown))),
    }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function isKnown(entry: [string, HistoryValues[string]]): entry is [string, number] {
  return typeof entry[1] === 'number'
}

function toCel(value: unknown, depth: number): CelInput {
  if (depth > deepest) throw new RangeError('nested too deeply')
  if (Array.isArray(value)) return celList(value.map((element) => toCel(element, depth + 1)))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, toCel(inner, depth + 1)] as const)
    return celMap(new Map(entries))
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
