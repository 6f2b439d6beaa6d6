import { isIP, isIPv6 } from 'node:net'
import { kindOf } from './addresses.ts'

/** Which targets may be called. `allowed_hosts` holds host names as `allowedHosts` returns them. */
export type TargetRules = {
  allowed_hosts: ReadonlySet<string>
  /** The sandbox: loopback addresses may be called too, also by plain http. */
  allow_loopback: boolean
}

export type CheckedUrl = { ok: true; url: URL } | { ok: false; reason: string; address: string | null }

/** Browsers and proxies agree on about this length; nobody's endpoint needs more. */
const longestUrl = 2_048

/**
 * Makes the set for `TargetRules` from the operator's list. A host is named without scheme, port or path, and stands
 * for exactly itself on every port: no wildcards, no subdomains. It is kept as the WHATWG URL parser spells it
 * (lower case, punycode, `127.0.0.1`, `[::1]`), so that it is compared with the host that is really called.
 *
 * Throws an `Error` naming the first entry that is not a host.
 */
export function allowedHosts(entries: readonly string[]): ReadonlySet<string> {
  return new Set(entries.map(spelling))
}

function spelling(entry: string): string {
  const host = entry.replace(/^\[(.*)\]$/, '$1')
  const url = isIPv6(host)
    ? URL.parse(`http://[${host}]/`)
    : /^[^\s/\\@?#:*%]+$/.test(entry)
      ? URL.parse(`http://${entry}/`)
      : null
  if (!url) throw new Error(`not a host name (without scheme, port or wildcard): ${JSON.stringify(entry)}`)
  return url.hostname
}

/**
 * Judges what can be judged from a callback URL's text: length, scheme, credentials, and an address written out in
 * it, in whichever spelling. A good answer is no permission yet: a name's addresses are judged by `refusalOf`.
 */
export function checkUrl(text: string, rules: TargetRules): CheckedUrl {
  const refuse = (reason: string, address: string | null = null) => ({ ok: false, reason, address }) as const
  if (text.length > longestUrl) return refuse(`URL longer than ${longestUrl} characters`)
  // The parser drops tabs and line feeds and reads `\` as `/`: then the text is not what it looks like.
  if (/[\s\\\p{Cc}]/u.test(text)) return refuse('URL with white space, a control character or a backslash')
  const url = URL.parse(text)
  if (!url) return refuse('not a URL')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('neither https nor http')
  if (url.username || url.password) return refuse('URL with credentials')
  const address = addressIn(url)
  const refusal = address && refusalOf(url, address, rules)
  if (refusal) return refuse(refusal, address)
  if (url.protocol === 'http:' && !rules.allow_loopback && !rules.allowed_hosts.has(url.hostname))
    return refuse('plain http')
  return { ok: true, url }
}

/**
 * Judges an address that `url` leads to: written in it, answered by a name server, or connected to. Null where it
 * may be called, otherwise why not, in a few words. The rule is the contract's, section Callback.
 */
export function refusalOf(url: URL, address: string, rules: TargetRules): string | null {
  if (rules.allowed_hosts.has(url.hostname)) return null
  const kind = kindOf(address)
  if (kind === 'loopback' && rules.allow_loopback) return null
  if (kind !== 'public') return `${kind} address`
  return url.protocol === 'https:' ? null : 'plain http'
}

function addressIn(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) ? host : null
}
