import { hash } from 'node:crypto'

/** What the first event of a chain follows. */
export const chainStart: Uint8Array = new Uint8Array(32)

/** Sets these hashes apart from those of a Merkle tree, whose leaves begin with 0 and whose nodes begin with 1. */
const linkPrefix = 2

/** The hash of an event: SHA-256 of the byte 2, the hash of the event before it, and its body as UTF-8. docs/evidence.md. */
export function link(previous: Uint8Array, body: string): Buffer {
  // In one piece: this is done for each event, when it is written and when it is verified.
  const bytes = Buffer.allocUnsafe(33 + 3 * body.length)
  bytes[0] = linkPrefix
  bytes.set(previous, 1)
  const length = 33 + bytes.write(body, 33, 'utf8')
  return hash('sha256', bytes.subarray(0, length), 'buffer')
}
