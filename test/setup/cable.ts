import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** PostgreSQL's ReadyForQuery, which ends each answer: `Z`, its length of 5, and one byte for the transaction's state. */
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5])

export type Cable = {
  /** The same server, by way of the cable. */
  url: string
  /** The next connection that says these words hears nothing any more. */
  deafenAfter(words: string): void
  /** The same, of a connection to PostgreSQL: it is cut once the answer is out. */
  cutAfter(words: string): void
  close(): Promise<void>
}

/** A network between a program and a server that it uses, on which a test can lose answers. */
export async function openCable(server_url: string): Promise<Cable> {
  const server = new URL(server_url)
  let trap: { words: string; cut: boolean } | null = null
  const sockets = new Set<Socket>()
  const cable = createServer((near) => {
    const far = connect(Number(server.port), server.hostname)
    let deaf = false
    let cut = false
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (said) => {
      if (trap !== null && said.includes(trap.words)) {
        deaf = true
        cut = trap.cut
        trap = null
      }
      far.write(said)
    })
    far.on('data', (answer) => {
      if (!deaf) near.write(answer)
      else if (cut && answer.includes(readyForQuery)) near.destroy()
    })
  })
  cable.listen(0, '127.0.0.1')
  await once(cable, 'listening')
  const url = new URL(server_url)
  url.port = String((cable.address() as AddressInfo).port)
  return {
    url: url.href,
    deafenAfter(words) {
      trap = { words, cut: false }
    },
    cutAfter(words) {
      trap = { words, cut: true }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      cable.close()
      await once(cable, 'close')
    },
  }
}
