import { afterEach, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SlackFailure } from '../../src/slack/failures.ts'

let server: Server | undefined
afterEach(() => void server?.close())

const program = fileURLToPath(new URL('./post-program.ts', import.meta.url))

/** What the failure of a post to this address is taken for. */
async function postTo(address: string): Promise<SlackFailure | null> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, address])
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as SlackFailure | null
}

async function listening(meet: (socket: Socket) => void): Promise<string> {
  server = createServer(meet)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`
}

test('where nobody listens, or the name is not known, it did certainly not happen', async () => {
  const address = await listening(() => undefined)
  server?.close()
  expect(await postTo(address)).toMatchObject({ kind: 'unreached' })
  expect(await postTo('http://no-such-host.invalid/api/')).toMatchObject({ kind: 'unreached' })
})

test('where the connection breaks once it is there, nobody knows', async () => {
  const address = await listening((socket) => socket.once('data', () => socket.destroy()))
  expect(await postTo(address)).toMatchObject({ kind: 'unclear' })
})
