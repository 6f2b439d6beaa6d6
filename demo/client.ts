import type { Agent } from './agents.ts'

/** What the demo reads of an approval; docs/api.md has all of it. */
export type Approval = {
  id: string
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled'
  stages: { votes: { by: { name: string }; vote: 'approve' | 'reject' }[] }[]
  decision: { by: { type: string; name?: string; rule?: string | null }; reason: string | null } | null
}

/** The longest that one read waits, in seconds; the API allows 60. */
const wait_s = 30

/** The agents' side of the API at `url`: ask, then wait for the answer. */
export function createClient(url: string) {
  async function call(agent: Agent, method: string, path: string, body?: object): Promise<Approval> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${agent.api_key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (response.status === 401)
      throw new Error(`${url} does not know the key of ${agent.name}: is DATA_DIR the same as for npm start?`)
    if (!response.ok)
      throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Approval
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
  }
}
