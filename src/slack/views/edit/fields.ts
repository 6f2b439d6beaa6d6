import type { Approval, Json, JsonObject } from '../../../approval/approval.ts'
import { editableKeys, effective } from '../../../approval/effective.ts'
import { masker } from '../../../approval/masker.ts'
import { choice, choices, day, moment, type Control } from './control.ts'
import { properties, resolved, type Described } from './schema.ts'
import { json, lines, number, text } from './typed-control.ts'

/** One argument as a form asks for it; without a key, all that may be edited as one object. */
export type Field = {
  key: string | null
  title: string | null
  about: string | null
  /** As it is now; undefined where it is not there. */
  value: Json | undefined
  required: boolean
  nullable: boolean
  /** Null where no input takes the value as it is. */
  control: Control | null
}

/**
 * What of the arguments can be edited, and how: by the agent's schema where it describes its arguments, else as JSON, in
 * one piece where that fits into an input.
 */
export function fieldsOf(approval: Approval): Field[] {
  const editable = editableKeys(approval)
  const now = effective(approval).arguments
  const schema = approval.arguments_schema && withoutHidden(approval.arguments_schema, approval.plan)
  const described = schema && properties(schema)
  if (schema && described)
    return editable.flatMap((key) => {
      const known = described(key)
      if (known) return [fieldOf(key, valueAt(now, key), known, schema)]
      return Object.hasOwn(now, key) ? [jsonField(key, valueAt(now, key))] : []
    })
  const part = Object.fromEntries(Object.entries(now).filter(([key]) => editable.includes(key)))
  const whole = { ...jsonField(null, part), about: `There can be ${editable.join(', ')}.` }
  return whole.control ? [whole] : Object.keys(part).map((key) => jsonField(key, part[key]))
}

/** A form is drawn by what may be shown of a schema; what was entered is checked against all of it. */
function withoutHidden(schema: JsonObject, { masked }: Approval['plan']): JsonObject {
  const text = (whole: string, spans: readonly unknown[]) => (spans.length > 0 ? '' : whole)
  return masker(masked, { text, most_entries: Infinity }).object('/arguments_schema', schema)
}

function jsonField(key: string | null, value: Json | undefined): Field {
  return { key, title: null, about: null, value, required: false, nullable: false, control: json(value) }
}

function fieldOf(
  key: string,
  value: Json | undefined,
  { schema, required, nullable }: Described,
  root: JsonObject,
): Field {
  // Null is what an empty input means, where null is allowed.
  const now = nullable && value === null ? undefined : value
  return {
    key,
    title: words(schema['title']),
    about: words(schema['description']),
    value,
    required,
    nullable,
    control: controlOf(schema, now, root) ?? json(value),
  }
}

/** The input that suits what the schema says, or null: then it is JSON. */
function controlOf(schema: JsonObject, value: Json | undefined, root: JsonObject): Control | null {
  if ('const' in schema) return choice([schema['const'] ?? null], value)
  if (Array.isArray(schema['enum'])) return choice(schema['enum'], value)
  switch (schema['type']) {
    case 'string':
      return stringControl(schema, value)
    case 'integer':
    case 'number':
      return number(value, { whole: schema['type'] === 'integer', ...boundsOf(schema) })
    case 'boolean':
      return choice([true, false], value)
    case 'array':
      return listControl(schema, value, root)
    default:
      return null
  }
}

function stringControl({ format, maxLength }: JsonObject, value: Json | undefined): Control | null {
  const picker = format === 'date' ? day(value) : format === 'date-time' ? moment(value) : null
  return picker ?? text(value, typeof maxLength === 'number' && maxLength > 200)
}

function boundsOf({ type, minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below }: JsonObject) {
  const next = type === 'integer' ? 1 : 0
  const least = [minimum, typeof above === 'number' ? above + next : null].filter(
    (one) => typeof one === 'number',
  )
  const most = [maximum, typeof below === 'number' ? below - next : null].filter(
    (one) => typeof one === 'number',
  )
  return {
    least: least.length > 0 ? Math.max(...least) : null,
    most: most.length > 0 ? Math.min(...most) : null,
  }
}

function listControl({ items }: JsonObject, value: Json | undefined, root: JsonObject): Control | null {
  if (typeof items !== 'object' || items === null || Array.isArray(items)) return null
  const each = resolved(items, root)
  if (Array.isArray(each['enum'])) return choices(each['enum'], value)
  return each['type'] === 'string' ? lines(value) : null
}

function valueAt(object: JsonObject, key: string): Json | undefined {
  // A key like `constructor` must not find what every object inherits.
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function words(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}
