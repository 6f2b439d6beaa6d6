import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Agent } from './agents.ts'

/** A callback whose signature was good. */
export type Told = { type: string; data: { id: string } }

/**
 * The agents' own server: each agent has a path, and what comes there counts only when it is signed with that agent's
 * secret. An agent's server should do no less.
 */
export async function openReceiver(agents: Agent[], told: (agent: Agent, callback: Told) => void) {
  const server = createServer(async (req, res) => {
    const agent = agents.find(({ name }) => req.url === `/${name}`)
    if (!agent) return void res.writeHead(404).end()
    try {
      const body = await read(req)
      told(
        agent,
        new Webhook(agent.callback_secret).verify(body, req.headers as Record<string, string>) as Told,
      )
      res.writeHead(204).end()
    } catch {
      res.writeHead(401).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { urlOf: (agent: Agent) => `http://127.0.0.1:${port}/${agent.name}`, close: () => server.close() }
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
