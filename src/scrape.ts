import { createHash, timingSafeEqual } from 'node:crypto'
import { Router } from 'express'
import { isLoopback, type Config } from './platform/config.ts'
import { Unavailable } from './platform/unavailable.ts'

/**
 * `GET /metrics` for Prometheus. With a token, for whoever has it; without one only where the app itself is for this machine alone: it
 * names agents and roles.
 */
export function scraping(
  { metrics_token, host, public_url }: Pick<Config, 'metrics_token' | 'host' | 'public_url'>,
  exposition: () => Promise<string>,
): Router {
  const isPrivate = isLoopback(host) && isLoopback(new URL(public_url).hostname.replace(/^\[|\]$/g, ''))
  const router = Router({ caseSensitive: true })
  router.get('/metrics', async (req, res) => {
    const plain = res.type('text/plain').set('Cache-Control', 'no-store')
    if (metrics_token === null && !isPrivate)
      return void plain
        .status(403)
        .send('METRICS_TOKEN is not set, and this address is not of this machine alone\n')
    if (metrics_token !== null && !isSame(req.get('authorization') ?? '', `Bearer ${metrics_token}`))
      return void plain.status(401).set('WWW-Authenticate', 'Bearer').send('The token is missing or wrong\n')
    try {
      res.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(await exposition())
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      plain.status(503).set('Retry-After', '1').send('The database cannot be reached\n')
    }
  })
  return router
}

/** Without telling by its time where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
