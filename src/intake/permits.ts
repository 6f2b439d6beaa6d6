import type { Approval } from '../approval/approval.ts'
import { effective } from '../approval/effective.ts'
import type { PermitRefusal } from '../approval/permit.ts'
import { shape } from '../approval/shape.ts'
import { validUntil } from '../approval/withdraw.ts'
import type { AgentDesk } from '../flow/agent-desk.ts'
import { actionDigest } from '../json/canonical.ts'
import { jsonAnswer, type Call } from './call.ts'
import { invalidRequest, problem, type Answer } from './problems.ts'
import { readCall } from './read-call.ts'
import { consumeBody, noPath } from './schemas.ts'

/** An action that could be asked for must be possible to ask about with its permit beside it. In bytes. */
const roomForPermit = 8 * 1024

/** What agents do with permits over HTTP. */
export function createPermitCalls({ desk }: { desk: Pick<AgentDesk, 'consume' | 'permitKeys'> }) {
  /** POST /v1/permits/consume */
  async function consume(call: Call): Promise<Answer> {
    const read = await readCall(call, { path: noPath, body: consumeBody }, { room: roomForPermit })
    if (!read.ok) return read.answer
    const { permit, action, execution_id } = read.body
    const action_digest = actionDigest(action)
    const answer = await desk.consume(call.agent, { permit, execution_id, action_digest })
    if (answer.kind === 'not_a_permit') return notAPermit()
    if (answer.kind === 'refused') return refused(answer.because, answer.approval, action_digest)
    const { approval, consumed } = answer
    return jsonAnswer(200, {
      approval_id: approval.id,
      execution_id: consumed.execution_id,
      consumed_at: consumed.at,
      action_digest,
      valid_until: validUntil(approval),
    })
  }

  /** GET /.well-known/jwks.json */
  async function keys(): Promise<Answer> {
    return jsonAnswer(200, { keys: await desk.permitKeys() })
  }

  return { consume, keys }
}

/** The same whether it is forged, another agent's, or nothing at all. */
function notAPermit(): Answer {
  return invalidRequest([{ pointer: '/permit', detail: 'Is not a permit that this agent was given' }])
}

function refused(because: PermitRefusal, approval: Approval, digest: string): Answer {
  const members = { approval: shape(approval) }
  switch (because) {
    case 'action_differs':
      return problem(
        'action-differs',
        `This action has the digest ${digest}, and what may run has ${effective(approval).digest}`,
        { members },
      )
    case 'consumed_by_another': {
      const { execution_id = '' } = approval.consumed ?? {}
      return problem(
        'permit-consumed',
        `The execution ${JSON.stringify(execution_id)} has used this permit`,
        {
          members,
        },
      )
    }
    case 'outcome_reported':
      return problem('outcome-reported', 'The outcome of this action was reported already', { members })
    case 'withdrawn':
      return problem('withdrawn', `This action may no longer run${why(approval)}`, { members })
    case 'frozen':
      return problem('frozen', 'Nothing of this agent may begin to run while it is frozen', { members })
    case 'past_its_time':
      return problem('permit-expired', 'The time in which this action could run is over', { members })
    case 'not_approved':
      return problem('not-approved', `This approval is ${approval.status}`, { members })
  }
}

function why({ withdrawn }: Approval): string {
  return withdrawn?.reason ? `: ${withdrawn.reason}` : ''
}
