import type { Json, JsonObject } from '../../../approval/approval.ts'
import { keysTo } from '../../../approval/pointer.ts'

/** What the agent's JSON Schema says of one argument, as far as a form can make use of it. */
export type Described = { schema: JsonObject; required: boolean; nullable: boolean }

/** References within a schema that lead from one to the next are followed so often: they may lead in a circle. */
const mostHops = 10

/** The arguments that a schema describes one by one; null where it describes none. */
export function properties(schema: JsonObject): ((key: string) => Described | null) | null {
  const root = resolved(schema, schema)
  const described = object(root['properties'])
  if (!described) return null
  const required = Array.isArray(root['required']) ? root['required'] : []
  return (key) => {
    // A key like `constructor` must not find what every object inherits.
    const found = Object.hasOwn(described, key) ? object(described[key]) : null
    return found && { ...withoutNull(resolved(found, schema), schema), required: required.includes(key) }
  }
}

/** What a schema with a `$ref` into the same document comes to. */
export function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  let at = schema
  for (let hop = 0; hop < mostHops && typeof at['$ref'] === 'string'; hop++) {
    const { $ref, ...beside } = at
    at = { ...pointed(root, $ref), ...beside }
  }
  return at
}

/** A schema that allows null or something else, as that something and whether null is allowed. */
function withoutNull(schema: JsonObject, root: JsonObject): Pick<Described, 'schema' | 'nullable'> {
  const { type, anyOf, oneOf, ...rest } = schema
  if (Array.isArray(type) && type.length === 2 && type.includes('null')) {
    return { schema: { ...schema, type: type.find((one) => one !== 'null') ?? 'null' }, nullable: true }
  }
  const listed = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : []
  const [other, ...more] = listed.map(object).filter((one) => one?.['type'] !== 'null')
  return listed.length === 2 && more.length === 0 && other
    ? { schema: { ...resolved(other, root), ...rest }, nullable: true }
    : { schema, nullable: false }
}

function pointed(root: JsonObject, ref: string): JsonObject {
  let at: Json | undefined = root
  for (const key of keysTo(ref)) {
    const inside: JsonObject | null = object(at)
    at = inside && Object.hasOwn(inside, key) ? inside[key] : undefined
  }
  return ref.startsWith('#') ? (object(at) ?? {}) : {}
}

function object(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
}
