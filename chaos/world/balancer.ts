import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type Balancer = { url: string; close(): Promise<void> }

/**
 * The one address that Slack knows: hands each connection to a replica that is up, as a load balancer in front of them
 * would. `ports` lists those, the preferred first.
 */
export async function startBalancer(ports: () => number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()

  function hand(inbound: Socket, [port, ...others]: number[]) {
    if (port === undefined) {
      inbound.destroy()
      return
    }
    const outbound = connect(port, '127.0.0.1')
    // A replica that was killed a moment ago: nothing was sent yet, the next one may have it.
    outbound.once('error', () => {
      if (outbound.connecting || outbound.bytesWritten === 0) hand(inbound, others)
      else inbound.destroy()
    })
    outbound.once('connect', () => {
      outbound.removeAllListeners('error').on('error', () => undefined)
      sockets.add(outbound)
      outbound.on('close', () => {
        sockets.delete(outbound)
        inbound.destroy()
      })
      inbound.on('close', () => outbound.destroy())
      inbound.pipe(outbound)
      outbound.pipe(inbound)
    })
  }

  const server = createServer((inbound) => {
    sockets.add(inbound)
    inbound.on('error', () => undefined)
    inbound.on('close', () => sockets.delete(inbound))
    hand(inbound, ports())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
