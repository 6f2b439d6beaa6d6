import { z } from 'zod'
import { jsonPointer, maxFaults } from '../json/fault.ts'
import type { Checked, Fault } from './fault.ts'
import { nearest } from './nearest.ts'
import { published } from './published.ts'

/** Where in the request a schema's path lies, spelled as `Fault` says. */
export type Place = (path: readonly PropertyKey[]) => string

export const inBody: Place = jsonPointer
export const inQuery: Place = (path) => `?${clip(String(path[0] ?? ''))}`
export const inPath: Place = (path) => `{${String(path[0] ?? '')}}`
export const inHeader: Place = (path) => String(path[0] ?? '')

/** Checks `value` against one of `schemas.ts` and names everything that is wrong with it. */
export function check<S extends z.ZodType>(schema: S, value: unknown, place: Place): Checked<z.output<S>> {
  const parsed = schema.safeParse(value, {
    error: ({ code, input }) => (code === 'invalid_type' && input === undefined ? 'Is required' : undefined),
  })
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, faults: parsed.error.issues.flatMap((issue) => describe(issue, schema, place)) }
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType, place: Place): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownFields(schema, issue.path)
    return issue.keys
      .slice(0, maxFaults)
      .map((key) => ({ pointer: place([...issue.path, key]), detail: unknownField(key, known) }))
  }
  if (issue.code === 'invalid_key') {
    return [
      {
        pointer: place(issue.path),
        detail: `The key: ${issue.issues.map(({ message }) => message).join('; ')}`,
      },
    ]
  }
  return [{ pointer: place(issue.path), detail: issue.message }]
}

function unknownField(key: string, known: string[]): string {
  const meant = nearest(key, known)
  return `Unknown field "${clip(key)}"${meant === null ? '' : `; did you mean "${meant}"?`}`
}

function clip(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name
}

/** The fields of the object at `path`, read from the published form of the schema, where they are plain data. */
function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: z.core.JSONSchema.BaseSchema | undefined = published(schema)
  for (const step of path) {
    const next: z.core.JSONSchema._JSONSchema | undefined =
      typeof step === 'number' ? soleItem(at) : at?.properties?.[String(step)]
    at = typeof next === 'object' ? next : undefined
  }
  return Object.keys(at?.properties ?? {})
}

function soleItem(
  schema: z.core.JSONSchema.BaseSchema | undefined,
): z.core.JSONSchema._JSONSchema | undefined {
  return Array.isArray(schema?.items) ? undefined : schema?.items
}
