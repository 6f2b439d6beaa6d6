import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Json, JsonObject } from '../approval/approval.ts'
import { keysTo } from '../approval/pointer.ts'
import { jsonPointer, maxFaults, type JsonFault } from './fault.ts'

/** The one in which agents describe their arguments. */
export const jsonSchemaDialect = 'https://json-schema.org/draft/2020-12/schema'

type Found = { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> }

/**
 * What makes a schema none by JSON Schema 2020-12, where it is: words of the standard that are used wrongly, and
 * references within it that lead nowhere. Nothing of a stranger's schema is run for that, as `checkSchema` has to: it is
 * only looked at.
 */
export function schemaFaults(schema: JsonObject): JsonFault[] {
  const parts = [...partsOf(schema, [])]
  const faults = [...misused(schema), ...badPatterns(parts), ...deadReferences(schema, parts)]
  return [...new Map(faults.map((fault) => [fault.pointer, fault])).values()].slice(0, maxFaults)
}

/** Of a schema with more characters only the first fault is told: gathering all takes time that grows with their square. */
const mostToGather = 16_384

/** Made when they are first needed: most agents send no schema. */
const standards = new Map<boolean, Ajv2020>()

function standard(allErrors: boolean): Ajv2020 {
  const made = standards.get(allErrors) ?? new Ajv2020({ strict: false, allErrors, logger: false })
  standards.set(allErrors, made)
  return made
}

function misused(schema: JsonObject): JsonFault[] {
  const ajv = standard(JSON.stringify(schema).length <= mostToGather)
  if (ajv.validate(jsonSchemaDialect, schema)) return []
  // That none of several forms fits says less than what is wrong with each; what could be there says the most.
  const found: Found[] = (ajv.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf')
  const byWorth = found.sort(
    (a, b) => Number('allowedValues' in a.params) - Number('allowedValues' in b.params),
  )
  return byWorth.map((one) => ({ pointer: one.instancePath, detail: `In a JSON Schema this ${words(one)}` }))
}

function words({ message = 'cannot be', params }: Found): string {
  return 'allowedValues' in params ? `must be one of ${JSON.stringify(params['allowedValues'])}` : message
}

/** An object in a schema, which may be a schema itself, and the way to it. */
type Part = { object: JsonObject; path: string[] }

/** Values of these are data, and may look like anything. */
const dataWords = ['const', 'enum', 'default', 'examples']

function* partsOf(value: Json, path: string[]): Generator<Part> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield { object: value, path }
  for (const [key, inner] of Object.entries(value))
    if (!dataWords.includes(key)) yield* partsOf(inner, [...path, key])
}

function badPatterns(parts: readonly Part[]): JsonFault[] {
  return parts.flatMap(({ object, path }) => {
    const { pattern, patternProperties } = object
    const keys = typeof patternProperties === 'object' ? Object.keys(patternProperties ?? {}) : []
    return [
      ...(typeof pattern === 'string' ? [{ text: pattern, at: ['pattern'] }] : []),
      ...keys.map((key) => ({ text: key, at: ['patternProperties', key] })),
    ]
      .filter(({ text }) => !isPattern(text))
      .map(({ at }) => ({
        pointer: jsonPointer([...path, ...at]),
        detail: 'In a JSON Schema this must be a regular expression',
      }))
  })
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').unicode
  } catch {
    return false
  }
}

function deadReferences(schema: JsonObject, objects: readonly Part[]): JsonFault[] {
  // What has a name of its own is where references begin anew: those are left to whoever checks a value.
  if (objects.some(({ object, path }) => path.length > 0 && typeof object['$id'] === 'string')) return []
  const anchors = objects.flatMap(({ object }) => [object['$anchor'], object['$dynamicAnchor']])
  return objects.flatMap(({ object, path }) => {
    const ref = object['$ref']
    if (typeof ref !== 'string' || !ref.startsWith('#')) return []
    const name = decoded(ref.slice(1))
    const leads =
      name === '' || (name?.startsWith('/') ? isThere(schema, name) : anchors.includes(name ?? null))
    return leads
      ? []
      : [{ pointer: jsonPointer([...path, '$ref']), detail: 'This reference leads to nothing in the schema' }]
  })
}

function isThere(root: Json, pointer: string): boolean {
  let at: Json | undefined = root
  for (const key of keysTo(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false
    at = (at as JsonObject)[key]
  }
  return true
}

/** A reference is part of an address, and may be written as one. */
function decoded(fragment: string): string | null {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return null
  }
}
