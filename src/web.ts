import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ErrorRequestHandler, Express, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { Config } from './platform/config.ts'
import { StartRefused } from './platform/start-refused.ts'

/**
 * Opens the one port of the app.
 *
 * @returns its address, without a slash at the end
 * @throws StartRefused where the port or the host cannot be had
 */
export async function listenOn(
  server: Server,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(explain(error, host, port))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartRefused(`PORT ${port} is in use on ${host}`, { cause: error })
    case 'EACCES':
      return new StartRefused(`PORT ${port} may not be opened by this user`, { cause: error })
    case 'EADDRNOTAVAIL':
      return new StartRefused(`HOST ${host} is not an address of this machine`, { cause: error })
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartRefused(`HOST ${host} is not known here`, { cause: error })
    default:
      return error
  }
}

/** What is there from the first moment on: health, and "not yet" or "not any more" for all else. */
export function health(
  web: Express,
  state: { ready: boolean; draining: boolean },
  countRepairs: () => Promise<number>,
): void {
  const notNow = (res: Response) => res.status(503).set('Retry-After', '1')
  web.get('/healthz', (_req, res) => void res.json({ status: 'up' }))
  web.get('/readyz', async (_req, res) => {
    if (!state.ready || state.draining) notNow(res).json({ status: state.draining ? 'draining' : 'starting' })
    else {
      const repaired = await countRepairs().catch(() => null)
      if (repaired === null) notNow(res).json({ status: 'the database cannot be reached' })
      else res.json({ status: 'ready', auditor: { repaired } })
    }
  })
  web.use((_req, res, next) => (state.ready ? next() : notNow(res).json({ status: 'starting' })))
}

export const nothingHere: RequestHandler = (_req, res) =>
  void res.status(404).type('text/plain').send('There is nothing here')

/**
 * For what no room has answered, to be mounted last: in words of one line. Express's own page would show the stack
 * wherever NODE_ENV is not `production`.
 */
export function lastResort(log: Logger): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error: unknown, req, res, _next) => {
    const status = clientsFault(error)
    if (status === null) log.error({ err: error, path: req.path }, 'a request ran into a defect of ours')
    if (res.headersSent) return void res.destroy()
    const words = status === null ? 'Something went wrong on our side' : 'This request cannot be read'
    res
      .status(status ?? 500)
      .type('text/plain')
      .send(words)
  }
}

/** The 4xx that the readers of requests mark their errors with; null where it is our own. */
function clientsFault(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null
  const { status } = error
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}
