import { z } from 'zod'

const made = new WeakMap<z.ZodType, z.core.JSONSchema.BaseSchema>()

/** What a schema of ours accepts, as JSON Schema 2020-12. Made once for each. */
export function published(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  const known = made.get(schema)
  if (known !== undefined) return known
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  made.set(schema, plain)
  return plain
}
