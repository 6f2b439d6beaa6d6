import { createHash } from 'node:crypto'

/** What the first event of a chain follows. */
export const chainStart: Uint8Array = new Uint8Array(32)

/** Sets these hashes apart from those of a Merkle tree, whose leaves begin with 0 and whose nodes begin with 1. */
const linkPrefix = new Uint8Array([2])

/** The hash of an event: SHA-256 of the byte 2, the hash of the event before it, and its body as UTF-8. docs/evidence.md. */
export function link(previous: Uint8Array, body: string): Buffer {
  return createHash('sha256').update(linkPrefix).update(previous).update(body).digest()
}
