import type { Agent } from './agents.ts'

/** What the demo reads of an approval; docs/api.md has all of it. */
export type Approval = {
  id: string
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled'
  stages: { votes: { by: { name: string }; vote: 'approve' | 'reject' }[] }[]
  decision: { by: { type: string; name?: string; rule?: string | null }; reason: string | null } | null
  /** What may run, and the permit for it; null where nothing may. */
  effective_action: { tool: string; arguments: object } | null
  permit: string | null
}

/** What an agent says came of an action; docs/api.md has the rest of it. */
export type Outcome = {
  status: 'succeeded' | 'failed' | 'skipped'
  duration_ms?: number
  cost?: { amount: string; currency: string }
}

/** The longest that one read waits, in seconds; the API allows 60. */
const wait_s = 30

/** The agents' side of the API at `url`: ask, then wait for the answer. */
export function createClient(url: string) {
  async function call<T = Approval>(agent: Agent, method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${agent.api_key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (response.status === 401)
      throw new Error(`${url} does not know the key of ${agent.name}: is DATA_DIR the same as for npm start?`)
    if (!response.ok)
      throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }

  return {
    ask: (agent: Agent, request: object) => call(agent, 'POST', '/v1/approvals', request),
    /** The approval as it was decided, or as it still stands once `over` has aborted. */
    async untilDecided(agent: Agent, asked: Approval, over: AbortSignal): Promise<Approval> {
      let seen = asked
      while (seen.status === 'pending' && !over.aborted)
        seen = await call(agent, 'GET', `/v1/approvals/${asked.id}?wait=${wait_s}`)
      return seen
    },
    /** Asks for leave to run what was approved, right before it is run. Throws where it may not. */
    async consume(agent: Agent, { id, permit, effective_action }: Approval): Promise<void> {
      if (effective_action === null) throw new Error(`nothing of ${id} may run`)
      const { tool, arguments: given } = effective_action
      // An agent that may be restarted keeps this name, and asks with the same again.
      const execution_id = `${id}-1`
      await call<object>(agent, 'POST', '/v1/permits/consume', {
        permit,
        action: { tool, arguments: given },
        execution_id,
      })
    },
    answer: (agent: Agent, { id }: Pick<Approval, 'id'>, question_id: string, text: string) =>
      call(agent, 'POST', `/v1/approvals/${id}/answers`, { question_id, text }),
    report: (agent: Agent, { id }: Approval, outcome: Outcome) =>
      call(agent, 'POST', `/v1/approvals/${id}/outcome`, outcome),
  }
}
