import type { Json, Request } from '../approval/approval.ts'
import type { JsonFault } from '../json/fault.ts'
import { readJson } from '../json/read.ts'
import { checkJson } from './call.ts'
import type { Checked } from './fault.ts'
import { toRequest } from './request.ts'
import { openBody } from './schemas.ts'

/**
 * A request that a person pasted: what an agent would send to `POST /v1/approvals`, or for convenience only
 * `{tool, arguments}`. Judged by the same schema, and refused with the same words.
 *
 * @param environment the asking agent's own
 */
export function readPasted(text: string, environment: string): Checked<Request> {
  const { value, faults } = readJson(text, 'The request')
  const short = isAction(value)
  const body = checkJson(
    openBody,
    short ? { value: { action: value }, faults: faults.map(below) } : { value, faults },
  )
  if (body.ok) return { ok: true, value: toRequest(body.value, environment) }
  return short ? { ok: false, faults: body.faults.map(above) } : body
}

function isAction(value: Json | undefined): value is { [key: string]: Json } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    'tool' in value &&
    !('action' in value)
  )
}

/** Where something stands once the action is put into a request, and where it stood before. */
const below = ({ pointer, detail }: JsonFault): JsonFault => ({ pointer: `/action${pointer}`, detail })
const above = ({ pointer, detail }: JsonFault): JsonFault => ({
  pointer: pointer.replace(/^\/action/, ''),
  detail,
})
