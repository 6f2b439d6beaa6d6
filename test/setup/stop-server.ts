import { once } from 'node:events'

/** Jest's globalTeardown. */
export default async function stopServer(): Promise<void> {
  const server = globalThis.testServerProcess
  if (!server || server.exitCode !== null) return
  server.stdin?.end()
  await once(server, 'exit')
}
