import {
  isCelList,
  isCelMap,
  isCelType,
  isCelUint,
  celUint,
  type CelInput,
  type CelResult,
  type CelUint,
} from '@bufbuild/cel'
import type { MapValue_Entry, Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js'
import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js'

/** One of CEL's official cases: an expression, its variables, and the value it must give, or `error`. */
export type ConformanceCase = {
  name: string
  expr: string
  bindings: Record<string, CelInput>
  wanted: string
}

/** Sections about protocol buffers' messages, optional values and extensions do not apply to a policy. */
const sections = new Set([
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'namespace',
  'parse',
  'plumbing',
  'string',
  'timestamps',
])

const ofMessages = /google\.protobuf|cel\.expr|TestAllTypes|\{[a-z_]+:|NullValue|Any\b/

export function conformanceCases(): ConformanceCase[] {
  return getConformanceSuite()
    .suites.filter((suite) => sections.has(suite.name))
    .flatMap((suite) => casesIn(suite, suite.name))
}

function casesIn(suite: IncrementalTestSuite, at: string): ConformanceCase[] {
  const here = suite.tests.flatMap(({ name, original }): ConformanceCase[] => {
    if (ofMessages.test(original.expr) || original.container !== '' || original.disableMacros) return []
    const wanted = wantedOf(original.resultMatcher)
    const bindings: Record<string, CelInput> = {}
    for (const [key, { kind }] of Object.entries(original.bindings)) {
      const value = kind.case === 'value' ? inputOf(kind.value) : undefined
      if (value === undefined) return []
      bindings[key] = value
    }
    return wanted === null ? [] : [{ name: `${at}/${name}`, expr: original.expr, bindings, wanted }]
  })
  return [...here, ...suite.suites.flatMap((inner) => casesIn(inner, `${at}/${inner.name}`))]
}

type Matcher = IncrementalTestSuite['tests'][number]['original']['resultMatcher']

function wantedOf(matcher: Matcher): string | null {
  if (matcher.case === undefined) return 'true'
  if (matcher.case === 'evalError') return 'error'
  const value =
    matcher.case === 'value'
      ? matcher.value
      : matcher.case === 'typedResult'
        ? matcher.value.result
        : undefined
  if (value?.kind.case === 'typeValue') return `type ${value.kind.value}`
  const input = value && inputOf(value)
  return input === undefined ? null : print(input)
}

function inputOf({ kind }: Value): CelInput | undefined {
  switch (kind.case) {
    case 'uint64Value':
      return celUint(kind.value)
    case 'nullValue':
      return null
    case 'int64Value':
    case 'doubleValue':
    case 'stringValue':
    case 'boolValue':
    case 'bytesValue':
      return kind.value
    case 'listValue':
      return kind.value.values.map((value) => inputOf(value) ?? null)
    case 'mapValue':
      return mapOf(kind.value.entries)
    case 'typeValue':
    case 'objectValue':
    case 'enumValue':
    case undefined:
    default:
      return undefined
  }
}

function mapOf(entries: MapValue_Entry[]): CelInput {
  const map = new Map<bigint | boolean | string | CelUint, CelInput>()
  for (const { key, value } of entries) {
    const name = key && inputOf(key)
    if (typeof name === 'bigint' || typeof name === 'boolean' || typeof name === 'string' || isCelUint(name))
      map.set(name, (value && inputOf(value)) ?? null)
  }
  return map
}

/** A value as text that is the same for equal values of the same type and no others. */
export function print(value: CelInput | CelResult): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return `double ${value}`
  if (typeof value !== 'object') return `${typeof value} ${value}`.replace('boolean ', '')
  if (value instanceof Error) return 'error'
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (isCelUint(value)) return `uint ${value.value}`
  if (isCelType(value)) return `type ${value.name}`
  if (isCelList(value) || Array.isArray(value)) return `[${[...value].map(print).join(', ')}]`
  if (isCelMap(value) || value instanceof Map)
    return `{${[...value.entries()]
      .map(([key, inner]) => `${print(key)}: ${print(inner)}`)
      .sort()
      .join(', ')}}`
  return JSON.stringify(value)
}
