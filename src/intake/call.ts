import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { KnownAgent } from '../flow/agent-desk.ts'
import type { ReadJson } from '../json/read.ts'
import { check, inBody, inQuery } from './check.ts'
import type { Checked } from './fault.ts'
import type { Answer } from './problems.ts'
import { readQuery } from './query.ts'

/** A request of a known agent. `target` is the path with the query; `gone` aborts when the agent hangs up. */
export type Call = {
  req: IncomingMessage
  target: string
  path: Record<string, unknown>
  agent: KnownAgent
  gone: AbortSignal
}

export function checkQuery<S extends z.ZodType>(schema: S, target: string): Checked<z.output<S>> {
  const query = readQuery(target)
  return query.ok ? check(schema, query.value, inQuery) : query
}

/** Faults of the JSON and of its fields together. A field whose JSON is at fault is not blamed a second time. */
export function checkJson<S extends z.ZodType>(schema: S, { value, faults }: ReadJson): Checked<z.output<S>> {
  if (value === undefined) return { ok: false, faults }
  const body = check(schema, value, inBody)
  if (faults.length === 0) return body
  const blamed = new Set(faults.map(({ pointer }) => pointer))
  return {
    ok: false,
    faults: body.ok ? faults : [...faults, ...body.faults.filter(({ pointer }) => !blamed.has(pointer))],
  }
}

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, media_type: 'application/json', body }
}
