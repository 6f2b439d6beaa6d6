import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { headers: IncomingHttpHeaders; body: string }

export type Receiver = {
  url: string
  received: Received[]
  /** How the next requests are answered: 200 where nothing was said. */
  answer(how: (res: ServerResponse) => void): void
  /** Resolves with the request of that number, from 1, when it has come. */
  nth(number: number): Promise<Received>
  close(): Promise<void>
}

/** An agent's own server, which its callbacks go to. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let how = (res: ServerResponse): void => void res.end()
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      received.push({ headers: req.headers, body: Buffer.concat(chunks).toString('utf8') })
      how(res)
      server.emit('received')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    answer(next) {
      how = next
    },
    async nth(number) {
      while (received.length < number) await once(server, 'received')
      return received[number - 1]!
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
