import { isRecord } from '../blocks/check.ts'

export type Parsed = { ok: true; value: unknown } | { ok: false }

/** A call's arguments, whichever of the three ways they came: form, JSON body or query. */
export type Arguments = {
  names(): string[]
  has(name: string): boolean
  /** The argument as a string; a number or a flag of a JSON body is written out. Unset and empty are `undefined`. */
  text(name: string): string | undefined
  flag(name: string): boolean
  /** A positive whole number, or `fallback`. */
  count(name: string, fallback: number): number
  /** A structure: a JSON string in a form, itself in a JSON body. */
  json(name: string): Parsed
  /** For the log of calls: structures parsed, the token left out. */
  logged(): Record<string, unknown>
}

const structured = new Set(['blocks', 'metadata', 'view', 'files', 'attachments'])

function parse(raw: unknown): Parsed {
  if (typeof raw !== 'string') return raw === undefined ? { ok: false } : { ok: true, value: raw }
  try {
    return { ok: true, value: JSON.parse(raw) }
  } catch {
    return { ok: false }
  }
}

export function argumentsOf(given: Record<string, unknown>): Arguments {
  const parsed = new Map<string, Parsed>()

  function json(name: string): Parsed {
    const found = parsed.get(name) ?? parse(given[name])
    parsed.set(name, found)
    return found
  }

  function text(name: string): string | undefined {
    const raw = given[name]
    if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw)
    return typeof raw === 'string' && raw !== '' ? raw : undefined
  }

  return {
    names: () => Object.keys(given),
    has: (name) => given[name] !== undefined && given[name] !== null,
    text,
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    count(name, fallback) {
      const amount = Number(text(name) ?? Number.NaN)
      return Number.isInteger(amount) && amount > 0 ? amount : fallback
    },
    json,
    logged() {
      const entries = Object.entries(given).flatMap(([name, raw]): [string, unknown][] => {
        if (name === 'token') return []
        const structure = structured.has(name) ? json(name) : null
        return [[name, structure?.ok ? structure.value : raw]]
      })
      return Object.fromEntries<unknown>(entries)
    },
  }
}

export type ParsedBody = { ok: true; given: Record<string, unknown> } | { ok: false; error: string }

/** Reads a body by its media type (apis/web-api#post-bodies); the error is the Web API's word for it. */
export function parseBody(content_type: string | undefined, body: string): ParsedBody {
  if (body === '') return { ok: true, given: {} }
  const media = content_type?.split(';')[0]?.trim().toLowerCase()
  if (media === undefined) return { ok: false, error: 'missing_post_type' }
  if (media === 'application/x-www-form-urlencoded') {
    return { ok: true, given: Object.fromEntries(new URLSearchParams(body)) }
  }
  if (media !== 'application/json') return { ok: false, error: 'invalid_post_type' }
  try {
    const given: unknown = JSON.parse(body)
    return isRecord(given) ? { ok: true, given } : { ok: false, error: 'json_not_object' }
  } catch {
    return { ok: false, error: 'invalid_json' }
  }
}
