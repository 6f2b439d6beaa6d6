import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

declare global {
  var testServerProcess: ChildProcess | undefined
}

/** Jest's globalSetup. The workers that it starts later inherit `TEST_SERVER`. */
export default async function startServer(): Promise<void> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // In a session of its own, a Ctrl-C does not end it before it has cleaned up.
    detached: true,
  })
  // Without this, a server that cannot start would keep Jest waiting for ever.
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`the tests' database server ended by itself (${String(code)}); what it said is above`)
  })
  const [address] = await Promise.race([once(server.stdout, 'data'), ended])
  ended.catch(() => undefined)
  process.env.TEST_SERVER = String(address).trim()
  globalThis.testServerProcess = server
}
