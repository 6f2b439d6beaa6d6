import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** PostgreSQL's ReadyForQuery, which ends each answer: `Z`, its length of 5, and one byte for the transaction's state. */
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5])

export type Cable = {
  /** The same database, by way of the cable. */
  url: string
  /** The next connection that says these words is cut when the database has answered them, before the answer is heard. */
  cutAfter(words: string): void
  close(): Promise<void>
}

/** A network between the program and its database, whose connections a test can cut. */
export async function cutCable(database_url: string): Promise<Cable> {
  const database = new URL(database_url)
  let cut: string | null = null
  const sockets = new Set<Socket>()
  const cable = createServer((near) => {
    const far = connect(Number(database.port), database.hostname)
    let deaf = false
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (said) => {
      if (cut !== null && said.includes(cut)) {
        cut = null
        deaf = true
      }
      far.write(said)
    })
    far.on('data', (answer) => {
      if (!deaf) near.write(answer)
      else if (answer.includes(readyForQuery)) near.destroy()
    })
  })
  cable.listen(0, '127.0.0.1')
  await once(cable, 'listening')
  const url = new URL(database_url)
  url.port = String((cable.address() as AddressInfo).port)
  return {
    url: url.href,
    cutAfter(words) {
      cut = words
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      cable.close()
      await once(cable, 'close')
    },
  }
}
