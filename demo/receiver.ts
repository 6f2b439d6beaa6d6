import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Agent } from './agents.ts'

/** A callback whose signature was good. */
export type Callback = {
  type: string
  data: { id: string; status: string; question?: { id: string; text: string; by: { name: string } } }
}

export type Receiver = {
  urlOf(agent: Agent): string
  /** The callback about the end of an approval, or null when `over` aborts first. */
  callbackOf(approval_id: string, over: AbortSignal): Promise<Callback | null>
  close(): void
}

/**
 * The agents' own server: each agent has a path, and what comes there counts only when it is signed with that agent's
 * secret. An agent's server should do no less. `answer` is called with what people ask meanwhile.
 */
export async function openReceiver(
  agents: Agent[],
  answer: (agent: Agent, asked: Callback['data']) => Promise<unknown>,
): Promise<Receiver> {
  const came = new Map<string, Callback>()
  const waiting = new Map<string, (callback: Callback) => void>()

  /** Takes one callback in. Resolves to the status to answer it with. */
  async function take(req: IncomingMessage): Promise<number> {
    const agent = agents.find(({ name }) => req.url === `/${name}`)
    if (!agent) return 404
    const callback = verified(agent, await read(req), req.headers as Record<string, string>)
    if (!callback) return 401
    if (callback.data.question) {
      await answer(agent, callback.data)
      return 204
    }
    // It may come before the request's own answer was read, and it may come more than once.
    came.set(callback.data.id, callback)
    waiting.get(callback.data.id)?.(callback)
    return 204
  }

  const server = createServer((req, res) => {
    take(req).then(
      (status) => res.writeHead(status).end(),
      () => res.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    urlOf: (agent) => `http://127.0.0.1:${port}/${agent.name}`,
    callbackOf: (approval_id, over) =>
      new Promise((resolve) => {
        const known = came.get(approval_id)
        if (known) return resolve(known)
        waiting.set(approval_id, resolve)
        over.addEventListener('abort', () => resolve(null), { once: true })
      }),
    close: () => void server.close(),
  }
}

/** Null where the signature is not this agent's, or older than the five minutes that the standard allows. */
function verified(agent: Agent, body: string, headers: Record<string, string>): Callback | null {
  try {
    return new Webhook(agent.callback_secret).verify(body, headers) as Callback
  } catch {
    return null
  }
}

/** The body exactly as it was sent: the signature is over its bytes. */
async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
