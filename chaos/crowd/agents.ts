import type { Entry, Ledger } from '../ledger/ledger.ts'
import type { Random } from '../random.ts'
import { pause } from '../time.ts'

export type AgentKey = { name: string; api_key: string; callback_secret: string }

export type AgentsParts = {
  ledger: Ledger
  agents: AgentKey[]
  /** Addresses of the replicas that are up. */
  urls(): string[]
  /** Where callbacks for an approval go. */
  callbackUrl(entry: Entry): string
  /** Only for which replica is asked and how long an agent waits before it asks again. */
  random: Random
  /** Nothing new is begun, and nothing is sent again. */
  stop: AbortSignal
}

type Answered = { status: number; body: { id?: string; status?: string } | null }

/** Longer than a wait, and short enough that a request to a stuck replica is given up and sent to another. */
const patienceMs = 20_000

/** Agents as one would write them: a key of their own for each request, sent again until it is acknowledged. */
export function createAgents(parts: AgentsParts) {
  const { ledger, agents, urls, callbackUrl, random, stop } = parts

  /** One try; null where there was no answer. */
  async function send(entry: Entry, method: string, path: string, body?: object): Promise<Answered | null> {
    const up = urls()
    if (up.length === 0) return null
    const agent = agents[entry.intent.agent]
    try {
      const response = await fetch(random.pick(up) + path, {
        method,
        headers: {
          authorization: `Bearer ${agent?.api_key}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(path === '/v1/approvals' ? { 'idempotency-key': `approval ${entry.intent.index}` } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.any([AbortSignal.timeout(patienceMs), stop]),
      })
      const text = await response.text()
      ledger.count(`agents: answered ${response.status}`)
      if (response.status === 500) ledger.faults.push(`500 to ${method} ${path}: ${text.slice(0, 300)}`)
      return { status: response.status, body: JSON.parse(text) as Answered['body'] }
    } catch {
      ledger.count('agents: no answer')
      return null
    }
  }

  /** Sends until `settled` takes an answer; null where the suite stopped before. */
  async function insist(
    entry: Entry,
    method: string,
    path: string,
    settled: (status: number) => boolean,
    body?: object,
  ): Promise<Answered | null> {
    while (!stop.aborted) {
      const answered = await send(entry, method, path, body)
      if (answered && settled(answered.status)) {
        noteEnd(entry, answered)
        return answered
      }
      if (answered && ![500, 503].includes(answered.status)) {
        ledger.faults.push(`${method} ${path} was answered ${answered.status}`)
        return null
      }
      await pause(random.between(50, 400), stop)
    }
    return null
  }

  async function ask(entry: Entry): Promise<void> {
    const { intent } = entry
    const body = {
      action: {
        tool: intent.rule.tool,
        arguments: { order: intent.index },
        summary: `Order ${intent.index}`,
      },
      run_id: `run ${intent.agent}`,
      state: { index: intent.index },
      ...(intent.on_behalf_of ? { on_behalf_of: intent.on_behalf_of } : {}),
      ...(intent.expires_in_s ? { expires_in: intent.expires_in_s } : {}),
      ...(intent.calls_back ? { callback: { url: callbackUrl(entry) } } : {}),
    }
    const once = async () => {
      entry.requests += 1
      const answered = await insist(entry, 'POST', '/v1/approvals', (s) => s === 200 || s === 201, body)
      if (answered?.body?.id) ledger.acknowledged(entry, answered.body.id)
    }
    await Promise.all(intent.twins ? [once(), once()] : [once()])
  }

  async function takeBack(entry: Entry): Promise<void> {
    entry.cancel = { answer: null }
    const path = `/v1/approvals/${entry.id}/cancel`
    const body = { reason: 'Not needed any more' }
    const answered = await insist(entry, 'POST', path, (s) => s === 200 || s === 409, body)
    if (answered) entry.cancel.answer = answered.status === 200 ? 'cancelled' : 'already decided'
  }

  async function awaitEnd(entry: Entry): Promise<void> {
    for (let rounds = 0; rounds < 30 && !stop.aborted; rounds += 1) {
      const answered = await insist(entry, 'GET', `/v1/approvals/${entry.id}?wait=15`, (s) => s === 200)
      if (!answered || answered.body?.status !== 'pending') return
    }
  }

  /** Every end that an agent is told of must be the same one. */
  function noteEnd(entry: Entry, { status, body }: Answered) {
    if (status < 300 && body?.status && body.status !== 'pending') entry.ends.add(body.status)
  }

  return {
    /** Resolves when the request is acknowledged; `afterwards` is what the agent then still does. */
    async begin(entry: Entry): Promise<{ afterwards: Promise<unknown> }> {
      await ask(entry)
      if (entry.id === null) return { afterwards: Promise.resolve() }
      const { cancels_after_ms, waits } = entry.intent
      const cancelling =
        cancels_after_ms === null ? null : pause(cancels_after_ms, stop).then(() => takeBack(entry))
      return { afterwards: Promise.all([cancelling, waits ? awaitEnd(entry) : null]) }
    },
  }
}
