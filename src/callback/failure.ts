import { errors } from 'undici'

const words: [RegExp, string][] = [
  [/^ECONNREFUSED$/, 'connection refused'],
  [/^ENOTFOUND$|^EAI_/, 'name not found'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'connection closed early'],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/, 'unreachable'],
  [/CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^INVALID_CA$/, 'certificate not accepted'],
  [/^ERR_SSL|^EPROTO$/, 'no TLS'],
  [/^UND_ERR_HEADERS_OVERFLOW$/, 'answer is not HTTP'],
]

/**
 * An error of the network, of TLS or of the HTTP parser in a few words and its code. Never the error's own message:
 * that may quote the request or what the other side sent. Null for an error without a code, which is a fault of ours.
 */
export function describeFailure(error: unknown): string | null {
  // undici often leaves these without a code.
  if (error instanceof errors.HTTPParserError) return 'answer is not HTTP'
  const code = codeOf(error)
  if (code === null) return null
  const known = words.find(([pattern]) => pattern.test(code))
  return `${known ? known[1] : 'failed'} (${code})`
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' && /^[A-Z0-9_]{1,60}$/.test(error.code) ? error.code : null
}
