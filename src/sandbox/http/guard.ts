import type { IncomingMessage } from 'node:http'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** A browser that fetches for another site says so; following a link to the page is the one thing that it may do. */
function isForeign({ headers, method, url }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== 'cross-site' && site !== 'same-site') return false
  return method !== 'GET' || headers['sec-fetch-mode'] !== 'navigate' || (url ?? '').includes('/api/')
}

/**
 * Why a request must not be served, or null. Whoever reaches the sandbox can act as anybody in it, so that a foreign page
 * in the same browser must not: not by a name of its own that resolves to this machine (DNS rebinding), and not by
 * posting across sites.
 */
export function refusedRequest(req: IncomingMessage, allowed_hosts: readonly string[]): string | null {
  const { headers, method } = req
  const { host = '', origin } = headers
  const own = URL.parse(`http://${host}`)
  if (!own?.host || !(loopback.test(own.hostname) || allowed_hosts.includes(own.hostname))) {
    return `the sandbox answers on this machine's own addresses only, not as ${host}`
  }
  if (isForeign(req)) return 'the sandbox takes no request from another site'
  const safe = method === 'GET' || method === 'HEAD'
  const isUpgrade = headers.upgrade !== undefined
  if (origin === undefined || (safe && !isUpgrade)) return null
  return URL.parse(origin)?.host === own.host ? null : `the sandbox takes no request from ${origin}`
}
