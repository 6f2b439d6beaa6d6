import type { z } from 'zod'
import { readBody } from './body.ts'
import { checkJson, checkQuery, type Call } from './call.ts'
import { check, inPath } from './check.ts'
import { faultsOf } from './fault.ts'
import { readBodyJson } from './json.ts'
import { invalidRequest, type Answer } from './problems.ts'
import { noQuery } from './schemas.ts'

/** What a call says, or the answer to one that says it wrongly. */
type Read<Path, Body> = { ok: true; path: Path; body: Body } | { ok: false; answer: Answer }

/**
 * Reads a call that has a body and no query, and checks all of it: what is wrong with its path and with its body is told at
 * once. A body may be larger than others by `room` bytes. Where a call may be `bodiless`, none stands for an empty object.
 */
export async function readCall<Path extends z.ZodType, Body extends z.ZodType>(
  { req, target, path }: Call,
  schemas: { path: Path; body: Body },
  { room = 0, bodiless = false } = {},
): Promise<Read<z.output<Path>, z.output<Body>>> {
  const read = await readBody(req, room)
  if (!read.ok) return read
  const isNone = bodiless && read.bytes.length === 0
  const place = check(schemas.path, path, inPath)
  const query = checkQuery(noQuery, target)
  const body = checkJson(schemas.body, isNone ? { value: {}, faults: [] } : readBodyJson(read.bytes))
  return place.ok && query.ok && body.ok
    ? { ok: true, path: place.value, body: body.value }
    : { ok: false, answer: invalidRequest(faultsOf(place, query, body)) }
}
