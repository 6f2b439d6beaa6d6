import type { IncomingMessage } from 'node:http'
import type { AgentDesk, KnownAgent } from '../flow/agent-desk.ts'
import { problem, unauthenticated, type Answer } from './problems.ts'

/** The agent whose key a request carries (RFC 6750, section 2.1), or the 401 or 403 that it gets instead. */
export async function authenticate(
  desk: Pick<AgentDesk, 'authenticate'>,
  req: IncomingMessage,
): Promise<{ ok: true; agent: KnownAgent } | { ok: false; answer: Answer }> {
  const key = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(req.headers.authorization ?? '')?.[1]
  if (key === undefined) {
    return { ok: false, answer: unauthenticated('Send the header Authorization: Bearer csk_…') }
  }
  const agent = await desk.authenticate(key)
  if (agent === null)
    return { ok: false, answer: unauthenticated('No agent has this API key', 'invalid_token') }
  if (agent.disabled)
    return { ok: false, answer: problem('agent-disabled', 'An administrator disabled this agent') }
  return { ok: true, agent }
}
