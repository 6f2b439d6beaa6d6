import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const crockford = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new identifier: the prefix, then 48 bits of time and 80 random bits in Crockford's base 32 (a ULID in lower
 * case), so that ids made later sort later and an index of them stays dense.
 */
export function newId(prefix: string, now: Date): string {
  let time = now.getTime()
  let head = ''
  for (let i = 0; i < 10; i++) {
    head = crockford[time % 32]! + head
    time = Math.floor(time / 32)
  }
  let tail = ''
  for (const byte of randomBytes(16)) tail += crockford[byte & 31]!
  return `${prefix}_${head}${tail}`
}

/** `bytes` of randomness from the operating system, in URL-safe base 64. */
export function randomSecret(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

export function sha256Hex(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Compares two hex digests without telling by its time where they differ. */
export function sameDigest(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex')
  const right = Buffer.from(b, 'hex')
  return left.length === right.length && timingSafeEqual(left, right)
}
