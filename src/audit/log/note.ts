import { createHash, sign, verify, type KeyObject } from 'node:crypto'
import { readPublic } from '../../platform/signing-key.ts'

// Checkpoints as https://c2sp.org/tlog-checkpoint has them, in signed notes as https://c2sp.org/signed-note has them.

/** What a checkpoint says: the log's name, how many leaves it has, and their tree's root. */
export type Checkpoint = { origin: string; size: number; root: Uint8Array }

/** A key that signs notes. Its name is the log's. `public` is the `x` of its JWK. */
export type Signer = { name: string; public: string; private: KeyObject }
export type Verifier = Pick<Signer, 'name' | 'public'>

const ed25519 = new Uint8Array([1])

/** The first four bytes of the hash of the key's name, a line end, the algorithm's number 1 and the public key. */
export function keyId({ name, public: x }: Verifier): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(ed25519)
  return hash.update(Buffer.from(x, 'base64url')).digest().subarray(0, 4)
}

/** The key as others write it down: `name+keyid+base64`, a vkey of signed-note. */
export function verifierKey(key: Verifier): string {
  const bytes = Buffer.concat([ed25519, Buffer.from(key.public, 'base64url')])
  return `${key.name}+${keyId(key).toString('hex')}+${bytes.toString('base64')}`
}

/** Null where the text is no such key. */
export function readVerifierKey(text: string): Verifier | null {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? []
  if (name === undefined || encoded === undefined) return null
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length !== 33 || bytes[0] !== 1) return null
  const key = { name, public: bytes.subarray(1).toString('base64url') }
  return keyId(key).toString('hex') === id ? key : null
}

export function signCheckpoint({ origin, size, root }: Checkpoint, signers: readonly Signer[]): string {
  const text = `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
  const lines = signers.map((signer) => {
    const signature = sign(null, Buffer.from(text), signer.private)
    return `— ${signer.name} ${Buffer.concat([keyId(signer), signature]).toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** A signed checkpoint, read: `text` is what the signatures are of. */
export type ReadNote = Checkpoint & { text: string; signatures: { name: string; bytes: Buffer }[] }

/** Null where it is not a checkpoint in a signed note. Signatures are not judged here. */
export function readNote(note: string): ReadNote | null {
  const split = note.indexOf('\n\n')
  if (split < 0) return null
  const text = note.slice(0, split + 1)
  const [origin = '', size = '', root = ''] = text.split('\n')
  const bytes = decoded(root)
  if (origin === '' || !/^(0|[1-9][0-9]{0,14})$/.test(size)) return null
  if (bytes.length !== 32) return null
  const signatures = note
    .slice(split + 2)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line))
  if (signatures.length === 0 || signatures.includes(null)) return null
  return {
    origin,
    size: Number(size),
    root: bytes,
    text,
    signatures: signatures.map((found) => ({ name: found![1]!, bytes: decoded(found![2]!) })),
  }
}

/** Base 64 as it is written without any choice; of all else nothing, which no signature and no root is. */
function decoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : Buffer.alloc(0)
}

/** Whether this key signed it. */
export function isSignedBy({ text, signatures }: ReadNote, key: Verifier): boolean {
  const id = keyId(key)
  return signatures.some(
    ({ name, bytes }) =>
      name === key.name &&
      bytes.length === 68 &&
      bytes.subarray(0, 4).equals(id) &&
      verify(null, Buffer.from(text), readPublic(key.public), bytes.subarray(4)),
  )
}
