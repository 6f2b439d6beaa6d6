import type { IncomingMessage } from 'node:http'
import type { Approval } from '../approval/approval.ts'
import type { AnswerRefusal } from '../approval/question.ts'
import type { OutcomeRefusal } from '../approval/outcome.ts'
import { shape } from '../approval/shape.ts'
import type { AgentDesk, Idempotency } from '../flow/agent-desk.ts'
import { canonicalHash } from '../json/canonical.ts'
import type { ReadJson } from '../json/read.ts'
import type { FindVoters } from '../flow/prospects.ts'
import type { Clock } from '../platform/clock.ts'
import { readBody } from './body.ts'
import { checkJson, checkQuery, jsonAnswer, type Call } from './call.ts'
import { check, inHeader, inPath } from './check.ts'
import { writeCursor } from './cursor.ts'
import { faultsOf } from './fault.ts'
import { readBodyJson } from './json.ts'
import { previewShape } from './preview.ts'
import { invalidRequest, noSuchApproval, problem, type Answer } from './problems.ts'
import { readCall } from './read-call.ts'
import { toOutcome, toRequest } from './request.ts'
import {
  answerBody,
  approvalPath,
  cancelBody,
  findQuery,
  listQuery,
  noPath,
  noQuery,
  openBody,
  openHeaders,
  outcomeBody,
} from './schemas.ts'

/**
 * What agents can do with approvals over HTTP. Each operation first checks all of the request and only then looks
 * anything up, and answers with plain data; what it throws (`Unavailable` aside) is a defect of ours.
 */
export function createApprovals(deps: {
  desk: Omit<AgentDesk, 'authenticate'>
  voters: FindVoters
  clock: Clock
  draining: () => boolean
}) {
  const { desk, voters, clock, draining } = deps

  /** POST /v1/approvals */
  async function open({ req, target, agent }: Call): Promise<Answer> {
    const read = await readBody(req)
    if (!read.ok) return read.answer
    const json = readBodyJson(read.bytes)
    const headers = check(openHeaders, { 'Idempotency-Key': idempotencyKey(req) }, inHeader)
    const query = checkQuery(noQuery, target)
    const body = checkJson(openBody, json)
    if (!headers.ok || !query.ok || !body.ok) return invalidRequest(faultsOf(headers, query, body))

    const request = toRequest(body.value, agent.environment)
    const opened = await desk.open(agent, request, idempotency(headers.value['Idempotency-Key'], json))
    if (opened.kind === 'key_reused') {
      return problem('idempotency-key-reused', 'This Idempotency-Key was used before, with another body')
    }
    const { approval } = opened
    return opened.kind === 'opened'
      ? approvalAnswer(201, approval, { Location: `/v1/approvals/${approval.id}` })
      : approvalAnswer(200, approval, { 'Idempotent-Replayed': 'true' })
  }

  /** POST /v1/approvals/preview. What is not stored needs no idempotency key: one that is sent means nothing. */
  async function preview(call: Call): Promise<Answer> {
    const read = await readCall(call, { path: noPath, body: openBody })
    if (!read.ok) return read.answer
    const { agent } = call
    const foreseen = await desk.foresee(agent, toRequest(read.body, agent.environment), voters)
    return jsonAnswer(200, previewShape(foreseen))
  }

  /** GET /v1/approvals/{id}. While draining nobody is kept waiting: the agent asks again, and reaches another replica. */
  async function find({ target, path, agent, gone }: Call): Promise<Answer> {
    const place = check(approvalPath, path, inPath)
    const query = checkQuery(findQuery, target)
    if (!place.ok || !query.ok) return invalidRequest(faultsOf(place, query))

    const { id } = place.value
    const wait_ms = draining() ? 0 : (query.value.wait ?? 0) * 1_000
    const until = new Date(clock.now().getTime() + wait_ms)
    const approval =
      wait_ms > 0 ? await desk.waitUntilDecided(agent, id, until, gone) : await desk.find(agent, id)
    return approval === null ? noSuchApproval() : approvalAnswer(200, approval)
  }

  /** GET /v1/approvals */
  async function list({ target, agent }: Call): Promise<Answer> {
    const query = checkQuery(listQuery, target)
    if (!query.ok) return invalidRequest(query.faults)

    const { status = null, run_id = null, limit, cursor = null } = query.value
    const { data, next } = await desk.list(agent, { status, run_id }, { limit, cursor })
    return jsonAnswer(200, { data: data.map(shape), next_cursor: next === null ? null : writeCursor(next) })
  }

  /** POST /v1/approvals/{id}/cancel. The body may be left out. What is cancelled already is answered as if it were now. */
  async function cancel(call: Call): Promise<Answer> {
    const read = await readCall(call, { path: approvalPath, body: cancelBody }, { bodiless: true })
    if (!read.ok) return read.answer
    const cancelled = await desk.cancel(call.agent, read.path.id, read.body.reason ?? null)
    if (cancelled.kind === 'not_found') return noSuchApproval()
    const { approval } = cancelled
    if (cancelled.kind === 'cancelled' || approval.status === 'cancelled')
      return approvalAnswer(200, approval)
    const detail = `This approval is already ${approval.status} and can no longer be cancelled`
    return problem('already-decided', detail, { members: { approval: shape(approval) } })
  }

  /** POST /v1/approvals/{id}/outcome. The same report again is answered as if it were the first. */
  async function report(call: Call): Promise<Answer> {
    const read = await readCall(call, { path: approvalPath, body: outcomeBody })
    if (!read.ok) return read.answer
    const reported = await desk.report(call.agent, read.path.id, toOutcome(read.body))
    if (reported.kind === 'not_found') return noSuchApproval()
    const { approval } = reported
    return reported.kind === 'reported'
      ? approvalAnswer(200, approval)
      : notReported(reported.because, approval)
  }

  /** POST /v1/approvals/{id}/answers. The same answer again is answered as if it were the first. */
  async function answer(call: Call): Promise<Answer> {
    const read = await readCall(call, { path: approvalPath, body: answerBody })
    if (!read.ok) return read.answer
    const answered = await desk.answer(call.agent, read.path.id, read.body)
    if (answered.kind === 'not_found') return noSuchApproval()
    const { approval } = answered
    return answered.kind === 'answered'
      ? approvalAnswer(200, approval)
      : notAnswered(answered.because, approval)
  }

  return { open, preview, find, list, cancel, report, answer }
}

function notAnswered(because: AnswerRefusal, approval: Approval): Answer {
  const members = { approval: shape(approval) }
  switch (because) {
    case 'no_such_question':
      return problem('not-found', 'This approval has no question with this id')
    case 'answered':
      return problem('question-answered', 'Another answer was given to this question before', { members })
    case 'decided':
      return problem(
        'already-decided',
        `This approval is already ${approval.status}: nobody waits for an answer any more`,
        { members },
      )
  }
}

function notReported(because: OutcomeRefusal, approval: Approval): Answer {
  const members = { approval: shape(approval) }
  return because === 'not_approved'
    ? problem('not-approved', `This approval is ${approval.status}: there is no action to report of`, {
        members,
      })
    : problem('outcome-reported', 'Another outcome of this approval was reported before', { members })
}

/** Where a header came twice, Node has joined the two by a comma and a space; no key of ours may mean that. */
function idempotencyKey(req: IncomingMessage): string | undefined {
  const keys = req.headersDistinct['idempotency-key']
  return keys === undefined || keys.length === 1 ? keys?.[0] : ''
}

function idempotency(key: string | undefined, { value }: ReadJson): Idempotency | null {
  return key === undefined || value === undefined ? null : { key, body_hash: canonicalHash(value) }
}

function approvalAnswer(status: number, approval: Approval, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(status, shape(approval), headers)
}
