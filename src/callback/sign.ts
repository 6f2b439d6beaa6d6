import { createHmac } from 'node:crypto'

export type Unsigned = {
  /** Letters, digits, `_` and `-`: a dot would blur where it ends in what is signed. */
  id: string
  body: string | Uint8Array
  /** `whsec_…`; while one is being rotated, the new and the old. At least one. */
  secrets: readonly string[]
  at: Date
}

export type SignedHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string }

/**
 * The headers of Standard Webhooks 1.0: one `v1` signature for each secret over `id.timestamp.body`, the timestamp in
 * whole seconds. Throws a `TypeError`, which never quotes a secret, for an id or a secret that is not of its form.
 */
export function signedHeaders({ id, body, secrets, at }: Unsigned): SignedHeaders {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(id))
    throw new TypeError('callback id with other than letters, digits, _ and -')
  if (secrets.length === 0) throw new TypeError('no secret to sign the callback with')
  const timestamp = Math.floor(at.getTime() / 1_000).toString()
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body)
    return `v1,${hmac.digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** Standard Webhooks asks for 24 to 64 bytes. */
function keyOf(secret: string): Buffer {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : ''
  const key = Buffer.from(text, 'base64')
  // Node skips what is not base 64: only the way back shows that it was all read.
  if (key.length < 24 || key.length > 64 || key.toString('base64') !== text)
    throw new TypeError('callback secret that is not whsec_ and 24 to 64 bytes in base 64')
  return key
}
