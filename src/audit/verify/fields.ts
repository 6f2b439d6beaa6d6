import type { ExportedEvent } from './chains.ts'
import type { At } from './fault.ts'

/** A line of an export before anything is known of it. */
export type Fields = Record<string, unknown> & { kind?: unknown }

/** Null where the line is not a JSON object. */
export function fieldsIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
  } catch {
    return null
  }
}

export function countIn(fields: Fields, name: string): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

export function textIn(fields: Fields, name: string): string | null {
  const value = fields[name]
  return typeof value === 'string' ? value : null
}

const hexHash = /^[0-9a-f]{64}$/

export function hashesIn(fields: Fields, name: string): Buffer[] | null {
  const value = fields[name]
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string' && hexHash.test(one)))
    return null
  return value.map((one: string) => Buffer.from(one, 'hex'))
}

/** Null where the line lacks what an event must have. */
export function eventIn(fields: Fields): ExportedEvent | null {
  const { approval_id, hash, body, previous } = fields
  const isEvent =
    countIn(fields, 'id') !== null &&
    countIn(fields, 'seq') !== null &&
    (approval_id === null || (typeof approval_id === 'string' && /^[A-Za-z0-9_]+$/.test(approval_id))) &&
    typeof hash === 'string' &&
    hexHash.test(hash) &&
    typeof body === 'string' &&
    (previous === undefined || (typeof previous === 'string' && hexHash.test(previous)))
  return isEvent ? (fields as unknown as ExportedEvent) : null
}

/** Where a line of an event stands, as far as it can be read. */
export function placeOf(line: number, fields: Fields): At {
  return { line, id: countIn(fields, 'id'), approval_id: textIn(fields, 'approval_id') }
}
