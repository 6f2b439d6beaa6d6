import { createServer } from 'node:http'
import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { certificate, key } from './certificate.ts'

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

export type Endpoint = {
  port: number
  received: Received[]
  connections: Socket[]
  close: () => Promise<void>
}

/** An HTTP endpoint on 127.0.0.1 that keeps what it received and answers as told, 200 unless told otherwise. */
export function httpEndpoint(answer: RequestListener = (_, response) => response.end()): Promise<Endpoint> {
  const received: Received[] = []
  return listen(createServer(keeping(received, answer)), received)
}

/** The same with TLS. */
export function httpsEndpoint(answer: RequestListener = (_, response) => response.end()): Promise<Endpoint> {
  const received: Received[] = []
  return listen(createTlsServer({ key, cert: certificate }, keeping(received, answer)), received)
}

/** An endpoint that knows only TCP. */
export function tcpEndpoint(onConnection: (socket: Socket) => void): Promise<Endpoint> {
  return listen(createTcpServer(onConnection), [])
}

function keeping(received: Received[], answer: RequestListener): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      received.push({ method, path, headers, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  }
}

/** Resolves when the first that connected has let go of its connection. */
export function hungUp({ connections: [socket] }: Endpoint): Promise<unknown> {
  if (!socket) throw new Error('nobody connected')
  return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve))
}

async function listen(server: Server, received: Received[]): Promise<Endpoint> {
  const connections: Socket[] = []
  server.on('connection', (socket: Socket) => {
    connections.push(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the endpoint has no port')
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of connections) socket.destroy()
      server.close(() => resolve())
    })
  return { port: address.port, received, connections, close }
}
