import { z } from 'zod'
import type { Json, JsonObject } from '../approval/approval.ts'
import { jsonSchemaDialect, schemaFaults } from '../json/schema-faults.ts'
import { longestDurationMs, parseDuration } from '../approval/duration.ts'
import { keysTo } from '../approval/pointer.ts'

/** The largest `state`, in bytes of its JSON without white space (contract). */
const maxStateBytes = 8 * 1024

const maxUrlLength = 2_048

/**
 * Text of `min` to `max` characters. Characters are Unicode code points, as `maxLength` counts them in JSON Schema, so
 * that the published schema says exactly what is accepted.
 */
export function text(min: number, max: number) {
  return z
    .string()
    .refine((value) => fits(value, min, max), { error: `Must have ${min} to ${max} characters` })
    .meta({ minLength: min, maxLength: max })
}

function fits(value: string, min: number, max: number): boolean {
  if (value.length < min || value.length > 2 * max) return false
  return value.length <= max || Array.from(value).length <= max
}

export const toolName = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,200}$/, { error: 'Must be 1 to 200 of A-Z a-z 0-9 . _ - : /' })

/**
 * An approval's id as far as it can be judged without looking it up. Only what could never be one is refused: ids are
 * opaque to agents, and their alphabet and length are nobody's promise.
 */
export const approvalId = z
  .string()
  .regex(/^apr_[0-9A-Za-z_-]{1,64}$/, { error: 'Is not an approval id: those look like apr_01k…' })

export const questionId = z
  .string()
  .regex(/^qst_[0-9A-Za-z_-]{1,64}$/, { error: 'Is not a question id: those look like qst_01k…' })

/** A signed token as far as it can be judged without a key: three parts of base64url (RFC 7515, section 7.1). */
export const permitToken = z
  .string()
  .max(4_096, { error: 'Is longer than any permit' })
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/, {
    error: 'Is not a permit: those look like eyJ….eyJ….…',
  })

export const slackUserId = z
  .string()
  .regex(/^[UW][A-Z0-9_]{2,49}$/, { error: 'Is not a Slack user id: those look like U012AB3CD' })

/** An http or https address. Where it leads is judged when it is used, not here. */
export const webUrl = z
  .string()
  .refine(isWebUrl, {
    error: `Must be an http or https URL of at most ${maxUrlLength} characters, without user name, password, spaces or backslashes`,
  })
  .meta({ format: 'uri', maxLength: maxUrlLength })

function isWebUrl(value: string): boolean {
  // The pattern comes first: URL() repairs spaces, line breaks and backslashes, and others repair them differently.
  if (value.length > maxUrlLength || !/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(value)) return false
  const url = URL.parse(value)
  return url !== null && url.username === '' && url.password === ''
}

/** Whatever `parse` makes of it; null is refused with `error`. `meta` says in JSON Schema what is accepted. */
export function parsed<T>(parse: (value: unknown) => T | null, error: string, meta: z.core.JSONSchemaMeta) {
  return z
    .unknown()
    .transform((value, context): T => {
      const result = parse(value)
      if (result !== null) return result
      context.addIssue({ code: 'custom', message: error })
      return z.NEVER
    })
    .meta(meta)
}

/** A number of things, from 0 to `most`. */
export function count(most: number) {
  const error = `Must be a whole number from 0 to ${most}`
  return z.int({ error }).min(0, { error }).max(most, { error })
}

/** A sum of money: a decimal number as text, which nothing rounds, of a bounded length, and its currency. */
export const money = z.strictObject({
  amount: z.string().regex(/^(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?$/, {
    error:
      'Must be a decimal number as text, such as "0.42", with up to 12 digits on either side of the point',
  }),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'Must be an ISO 4217 currency, such as USD' }),
})

/** What language models read and wrote. */
export const tokens = z.strictObject({ input: count(1e15), output: count(1e15) })

/** A moment in RFC 3339, to the millisecond, in the years that every clock has. */
export const instant = parsed(
  (value) => {
    const at = z.iso.datetime({ offset: true }).safeParse(value)
    const date = new Date(at.success ? at.data : NaN)
    return date.getTime() >= 0 && date.getTime() < Date.UTC(9000, 0) ? date : null
  },
  'Must be a time in RFC 3339, such as 2026-11-25T10:00:00Z',
  { type: 'string', format: 'date-time' },
)

/** A number as it stands in a query, in plain digits. */
export function numeral(type: 'integer' | 'number', minimum: number, maximum: number) {
  const pattern = type === 'integer' ? /^[0-9]{1,9}$/ : /^[0-9]{1,9}(\.[0-9]{1,3})?$/
  const read = (value: unknown) => {
    const number = typeof value === 'string' && pattern.test(value) ? Number(value) : NaN
    return number >= minimum && number <= maximum ? number : null
  }
  const error = `Must be a ${type === 'integer' ? 'whole number' : 'number'} from ${minimum} to ${maximum}`
  return parsed(read, error, { type, minimum, maximum })
}

/** `90s`, `30m`, `4h`, `2d`, or seconds as a number → milliseconds. What is longer than any deadline becomes the longest. */
export const duration = parsed(
  (value) => parseDuration(value) ?? (isPositive(value) ? longestDurationMs : null),
  'Must be a positive duration: 90s, 30m, 4h, 2d, or seconds as a number',
  {
    anyOf: [
      { type: 'string', pattern: '^[0-9]{1,9}[smhd]$' },
      { type: 'number', exclusiveMinimum: 0 },
    ],
    examples: ['30m'],
  },
)

/** Whether it is a duration that parseDuration can only have refused for its length. */
function isPositive(value: unknown): boolean {
  if (typeof value === 'number') return value >= 1
  return typeof value === 'string' && /^[0-9]{1,9}[smhd]$/.test(value) && Number.parseInt(value, 10) > 0
}

/** Any JSON object. It is not copied: keys keep their order, and what is hashed and shown is what was sent. */
export const jsonObject = z
  .custom<JsonObject>(isJsonObject, { error: 'Must be an object' })
  .meta({ type: 'object' })

export const echoedState = z
  .custom<Json>((value) => value !== undefined && jsonBytes(value) <= maxStateBytes, {
    error: `Must be at most ${maxStateBytes} bytes as JSON`,
  })
  .meta({ description: `Any JSON of at most ${maxStateBytes} bytes` })

/** A JSON Schema 2020-12 that refers to nothing but itself: nobody may make this program, or a card's reader, fetch one. */
export const localJsonSchema = jsonObject
  .refine((value) => value['$schema'] === undefined || value['$schema'] === jsonSchemaDialect, {
    error: `$schema can only be ${jsonSchemaDialect}`,
  })
  .refine((value) => !refersElsewhere(value), {
    error: '$ref and $dynamicRef must begin with #: other documents are not fetched',
  })
  .superRefine((value, context) => {
    for (const { pointer, detail } of schemaFaults(value))
      context.addIssue({ code: 'custom', message: detail, path: keysTo(pointer) })
  })

/**
 * Data under `const` or `enum` is looked at like the rest: refusing a strange example is better than missing a
 * reference behind a property that happens to be called `enum`.
 */
function refersElsewhere(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(
    ([key, inner]) =>
      ((key === '$ref' || key === '$dynamicRef') && typeof inner === 'string' && !inner.startsWith('#')) ||
      refersElsewhere(inner),
  )
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
