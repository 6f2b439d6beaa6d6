import { hash } from 'node:crypto'

/** What the first event of a chain follows. */
export const chainStart: Uint8Array = new Uint8Array(32)

/** Sets these hashes apart from those of a Merkle tree, whose leaves begin with 0 and whose nodes begin with 1. */
const linkPrefix = 2

/** The hash of an event: SHA-256 of the byte 2, the hash of the event before it, and its body as UTF-8. docs/evidence.md. */
export function link(previous: Uint8Array, body: string): Buffer {
  const length = roomFor(body)
  bytes.set(previous, 1)
  return hash('sha256', bytes.subarray(0, length), 'buffer')
}

/** The same, of and as 64 hexadecimal digits in lower case. */
export function linkHex(previous: string, body: string): string {
  const length = roomFor(body)
  bytes.write(previous, 1, 'hex')
  return hash('sha256', bytes.subarray(0, length), 'hex')
}

/** What is hashed, in one piece and used anew: this is done for each event, when it is written and when it is verified. */
let bytes = Buffer.alloc(65_536)

/** Writes all but the hash before, and gives the length of it all. */
function roomFor(body: string): number {
  // A character is at most three bytes, or two of them are four.
  if (bytes.length < 33 + 3 * body.length) bytes = Buffer.alloc(33 + 3 * body.length)
  bytes[0] = linkPrefix
  return 33 + bytes.write(body, 33, 'utf8')
}
