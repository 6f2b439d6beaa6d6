import { once } from 'node:events'
import { createServer } from 'node:http'
import { createSandbox } from './sandbox.ts'
import type { Sandbox, SandboxOptions } from './sandbox.ts'

export type ListeningSandbox = {
  /** The page, with a closing slash. */
  url: string
  /** For `slackApiUrl`, with a closing slash. */
  api_url: string
  sandbox: Sandbox
  close(): Promise<void>
}

/** A sandbox on a server of its own, on this machine only. `port` 0 takes a free one. Rejects where the port is taken. */
export async function listenSandbox(options: SandboxOptions & { port: number }): Promise<ListeningSandbox> {
  let { port } = options
  const origin = () => `http://127.0.0.1:${port}`
  const sandbox = createSandbox({ origin, ...options })
  const server = createServer(sandbox.handle)
  server.on('upgrade', sandbox.upgrade)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address) port = address.port
  const url = `${origin()}${options.base_path ?? '/sandbox'}/`
  return {
    url,
    api_url: `${url}api/`,
    sandbox,
    async close() {
      await sandbox.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
