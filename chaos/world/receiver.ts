import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { AgentKey } from '../crowd/agents.ts'
import type { Entry, Ledger, Received } from '../ledger/ledger.ts'
import type { Random } from '../random.ts'
import { pause } from '../time.ts'

export type Receiver = {
  /** Where callbacks for this approval go. */
  urlFor(entry: Entry): string
  /** For so long one endpoint resets every connection. */
  breakDown(endpoint: number, ms: number): Promise<void>
  endpoints: number
  close(): Promise<void>
}

type Manner = 'well' | 'slow' | 'error' | 'busy' | 'reset' | 'mute' | 'hang'

/** What becomes of a callback's first try, in the shares of a bad week; never 410, which would end it. */
const atFirst: Manner[] = [
  ...Array.from({ length: 36 }, () => 'well' as const),
  ...Array.from({ length: 5 }, () => 'slow' as const),
  ...Array.from({ length: 4 }, () => 'error' as const),
  'busy',
  'reset',
  'reset',
  'mute',
  'hang',
]

/**
 * The agents' servers: several endpoints, flaky in ways that the seed and the callback's id choose. `brief` leaves out
 * what takes long by its nature: no answer for 15 s, and a second bad try, after which the third is 30 s away.
 */
export async function openReceiver(
  endpoints: number,
  agents: AgentKey[],
  ledger: Ledger,
  random: Random,
  brief: boolean,
): Promise<Receiver> {
  const broken = new Set<number>()
  const hooks = agents.map((agent) => new Webhook(agent.callback_secret))

  async function take(endpoint: number, req: IncomingMessage, res: ServerResponse) {
    if (broken.has(endpoint)) {
      req.socket.destroy()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const received = note(req, Buffer.concat(chunks).toString('utf8'), hooks, ledger)
    if (!received) {
      res.writeHead(400).end()
      return
    }
    received.tries += 1
    const chance = random.fork(`${String(req.headers['webhook-id'])} ${received.tries}`)
    const manner = mannerOf(received.tries, chance)
    ledger.count(`callbacks: ${manner}`)
    await answer(manner, req, res, received, chance)
  }

  /** From the third try on all is well, so that a run can end. */
  function mannerOf(tries: number, chance: Random): Manner {
    if (tries === 1) return chance.pick(brief ? atFirst.filter((manner) => manner !== 'hang') : atFirst)
    return tries === 2 && !brief && chance.chance(0.1) ? 'error' : 'well'
  }

  const servers = Array.from({ length: endpoints }, (_, endpoint) =>
    createServer((req, res) => {
      take(endpoint, req, res).catch(() => req.socket.destroy())
    }),
  )
  const ports = await Promise.all(servers.map(open))
  return {
    endpoints,
    urlFor: ({ intent: { index, agent } }) =>
      `http://127.0.0.1:${ports[index % endpoints]}/agents/${agent}/approvals/${index}`,
    async breakDown(endpoint, ms) {
      broken.add(endpoint)
      await pause(ms)
      broken.delete(endpoint)
    },
    async close() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

async function open(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function answer(
  manner: Manner,
  req: IncomingMessage,
  res: ServerResponse,
  received: Received,
  chance: Random,
) {
  const well = () => {
    res.once('finish', () => (received.taken += 1))
    res.writeHead(chance.pick([200, 202, 204])).end()
  }
  switch (manner) {
    case 'well':
      return well()
    case 'slow':
      await pause(chance.between(200, 1_500))
      return well()
    case 'error':
      res.writeHead(chance.pick([500, 502, 302, 404])).end('no')
      return
    case 'busy':
      res.writeHead(chance.pick([429, 503]), { 'retry-after': '2' }).end()
      return
    case 'reset':
      req.socket.resetAndDestroy()
      return
    case 'mute':
      // Taken, and the connection ends before the answer.
      received.taken += 1
      req.socket.destroy()
      return
    case 'hang':
      return
  }
}

/** Keeps what came, and what is wrong with it. Null where it is about nothing that can be named. */
function note(req: IncomingMessage, body: string, hooks: Webhook[], ledger: Ledger): Received | null {
  const [, agent = '', index = ''] = /^\/agents\/([0-9]+)\/approvals\/([0-9]+)$/.exec(req.url ?? '') ?? []
  const told = JSON.parse(body) as {
    type?: string
    data?: { id?: string; status?: string; state?: { index?: number } }
  }
  const id = told.data?.id
  if (!id) {
    ledger.faults.push(`a callback without an approval's id came to ${req.url}`)
    return null
  }
  const received = ledger.receivedFor(id)
  const webhook_id = String(req.headers['webhook-id'])
  const bodies = received.bodies.get(webhook_id) ?? new Set()
  received.bodies.set(webhook_id, bodies.add(createHash('sha256').update(body).digest('hex')))
  received.ends.add(`${told.type} ${told.data?.status}`)
  if (told.data?.state?.index !== Number(index)) received.wrong.push('came to the wrong address')
  try {
    hooks[Number(agent)]?.verify(body, req.headers as Record<string, string>)
  } catch {
    received.wrong.push('the signature is not valid')
  }
  return received
}
