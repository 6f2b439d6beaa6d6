import type { ReportedOutcome, Request } from '../approval/approval.ts'
import type { AllowedDecision } from '../approval/plan.ts'
import { actionDigest } from '../json/canonical.ts'
import type { RunReport } from '../approval/run.ts'
import { saysSomething } from './words.ts'
import type { OpenBody, OutcomeBody, RunBody } from './schemas.ts'

/** What an agent asks for, with its defaults filled in. `environment` is the agent's own. */
export function toRequest(body: OpenBody, environment: string): Request {
  const { tool, summary, justification } = body.action
  const action = {
    tool,
    arguments: body.action.arguments,
    summary: words(summary),
    justification: words(justification),
  }
  return {
    action,
    action_digest: actionDigest(action),
    risk: body.risk,
    environment: body.environment ?? environment,
    run_id: body.run_id ?? null,
    on_behalf_of: body.on_behalf_of ?? null,
    subject: body.subject
      ? { type: body.subject.type, id: body.subject.id, url: body.subject.url ?? null }
      : null,
    links: body.links,
    metadata: body.metadata,
    allowed_decisions: inOrder(body.allowed_decisions),
    arguments_schema: body.arguments_schema ?? null,
    before: body.before ?? null,
    expires_in_ms: body.expires_in ?? null,
    callback_url: body.callback?.url ?? null,
    state: body.state ?? null,
    retry_of: body.retry_of ?? null,
  }
}

/** What an agent says came of an action. */
export function toOutcome({
  status,
  error,
  attempts,
  duration_ms,
  cost,
  tokens,
}: OutcomeBody): ReportedOutcome {
  return {
    status,
    error: words(error),
    attempts: attempts ?? null,
    duration_ms: duration_ms ?? null,
    cost: cost ?? null,
    tokens: tokens ?? null,
  }
}

/** What an agent says of one of its runs. */
export function toRun(body: RunBody): RunReport {
  return {
    status: body.status,
    cost: body.cost ?? null,
    tokens: body.tokens ?? null,
    tool_calls: body.tool_calls ?? null,
    tool_errors: body.tool_errors ?? null,
    tool_retries: body.tool_retries ?? null,
    started_at: body.started_at ?? null,
    ended_at: body.ended_at ?? null,
  }
}

/**
 * Text that shows nothing is none: whoever has to decide reads what stands in its place, and Slack takes no empty text.
 * Otherwise the agent's words are kept as they were sent.
 */
function words(text: string | undefined): string | null {
  return text !== undefined && saysSomething(text) ? text : null
}

/** Reject is always possible, also where the agent left it out. */
function inOrder(decisions: AllowedDecision[]): AllowedDecision[] {
  return (['approve', 'edit', 'reject'] as const).filter((one) => one === 'reject' || decisions.includes(one))
}
