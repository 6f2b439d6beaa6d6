import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A way to a server that can fail as networks do. */
export type Proxy = {
  port: number
  /** Ends every connection, at once, both ways. */
  cut(): void
  /** Lets nothing through any more, either way, and ends nothing: also new connections wait. */
  stall(): void
  /** Ends the stall: what was held back goes through. */
  flow(): void
  /** Takes no new connections and ends those that there are. */
  refuse(): Promise<void>
  accept(): Promise<void>
  close(): Promise<void>
}

/** On 127.0.0.1 and a free port, to the server at `target_port`. */
export async function startProxy(target_port: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let stalled = false
  let server = await listen(0)
  const { port } = server.address() as AddressInfo

  function join(inbound: Socket) {
    const outbound = connect(target_port, '127.0.0.1')
    pair(inbound, outbound)
    pair(outbound, inbound)
    if (stalled) for (const socket of [inbound, outbound]) socket.pause()
  }

  function pair(from: Socket, to: Socket) {
    sockets.add(from)
    from.setNoDelay(true)
    from.on('data', (chunk) => {
      if (!to.write(chunk)) {
        from.pause()
        to.once('drain', () => !stalled && from.resume())
      }
    })
    from.on('end', () => to.end())
    from.on('error', () => undefined)
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }

  async function listen(on: number): Promise<Server> {
    const opened = createServer(join)
    opened.listen(on, '127.0.0.1')
    await once(opened, 'listening')
    return opened
  }

  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const shut = async () => {
    const closed = once(server, 'close')
    server.close()
    cut()
    await closed
  }
  return {
    port,
    cut,
    stall() {
      stalled = true
      for (const socket of sockets) socket.pause()
    },
    flow() {
      stalled = false
      for (const socket of sockets) socket.resume()
    },
    async refuse() {
      if (server.listening) await shut()
    },
    async accept() {
      if (!server.listening) server = await listen(port)
    },
    async close() {
      if (server.listening) await shut()
      cut()
    },
  }
}
