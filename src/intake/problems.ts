import { maxFaults } from '../json/fault.ts'
import type { Fault } from './fault.ts'

/** One HTTP answer as plain data; `media_type` is `application/json` unless said. */
export type Answer = {
  status: number
  headers: Record<string, string>
  media_type: 'application/json' | 'application/problem+json'
  body: unknown
}

/** How long an agent should leave us alone when we cannot serve it: a restart takes about that. */
const retryAfterSeconds = '2'

/** Every problem an agent can meet. The key ends its `type`, which is for programs and never changes; docs/api.md lists them. */
const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'An API key is needed' },
  'agent-disabled': { status: 403, title: 'This agent is disabled' },
  'not-found': { status: 404, title: 'There is nothing here' },
  withdrawn: { status: 403, title: 'The action may no longer run' },
  frozen: { status: 403, title: 'This agent is frozen' },
  'method-not-allowed': { status: 405, title: 'This method is not possible here' },
  'idempotency-key-reused': { status: 409, title: 'The idempotency key belongs to another request' },
  'already-decided': { status: 409, title: 'The approval is already decided' },
  'not-approved': { status: 409, title: 'The approval is not approved' },
  'outcome-reported': { status: 409, title: 'The outcome was reported already' },
  'question-answered': { status: 409, title: 'The question was answered already' },
  'permit-consumed': { status: 409, title: 'Another execution has used the permit' },
  'permit-expired': { status: 410, title: 'The permit is no longer good' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is in a form that is not accepted' },
  'action-differs': { status: 422, title: 'The permit is for another action' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const

export type ProblemKind = keyof typeof problems

/** An RFC 9457 problem document. `more` are members of this one occurrence. */
export function problem(
  kind: ProblemKind,
  detail: string,
  more: { headers?: Record<string, string>; members?: Record<string, unknown> } = {},
): Answer {
  const { status, title } = problems[kind]
  return {
    status,
    headers: more.headers ?? {},
    media_type: 'application/problem+json',
    body: { type: problemType(kind), title, status, detail, ...more.members },
  }
}

export function problemType(kind: ProblemKind): string {
  return `urn:countersign:problem:${kind}`
}

export function invalidRequest(faults: Fault[]): Answer {
  const count =
    faults.length === 1 ? 'One thing is' : `${faults.length > maxFaults ? 'Many' : faults.length} things are`
  const errors = faults.slice(0, maxFaults)
  return problem('invalid-request', `${count} wrong with this request, and nothing was done`, {
    members: { errors },
  })
}

export function unauthenticated(detail: string, error?: 'invalid_token'): Answer {
  const challenge = `Bearer realm="countersign"${error === undefined ? '' : `, error="${error}"`}`
  return problem('unauthenticated', detail, { headers: { 'WWW-Authenticate': challenge } })
}

/** The same whether it is not there or another agent's: ids must tell nobody anything. */
export function noSuchApproval(): Answer {
  return problem('not-found', 'This agent has no approval with this id')
}

export function unavailable(detail: string): Answer {
  return problem('unavailable', detail, { headers: { 'Retry-After': retryAfterSeconds } })
}
