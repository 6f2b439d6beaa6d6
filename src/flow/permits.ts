import type { KeyObject } from 'node:crypto'
import type { Approval } from '../approval/approval.ts'
import { permitClaims } from '../approval/permit.ts'
import type { Clock } from '../platform/clock.ts'
import { publicJwk, readPermit, signPermit, type PublicJwk } from '../platform/permit-token.ts'
import type { Seal } from '../platform/seal.ts'
import { newSigningKey, openPrivate, readPublic } from '../platform/signing-key.ts'
import type { Database } from '../store/database.ts'
import type { SealedKey } from '../store/permit-key.ts'
import { listSigningKeys, signingKey } from '../store/signing-keys.ts'

/** The permits of approvals: given, read, and the keys that others check them with. */
export type Permits = {
  /** Sees to it that there is a key. To be called before anything is decided. */
  ready(): Promise<void>
  /** An approval that was approved just now, with its permit. What is not approved gets none. */
  give(approval: Approval, key: SealedKey): Promise<Approval>
  /** The approval that a token is the permit of, as far as one of our keys says so; null for anything else. */
  read(token: string): Promise<string | null>
  /** The public keys of all permits that may still be good. */
  publicKeys(): Promise<PublicJwk[]>
}

/** @param issuer this service's own address, which every permit names */
export function createPermits(parts: {
  database: Database
  clock: Clock
  seal: Seal
  issuer: string
}): Permits {
  const { database, clock, seal, issuer } = parts
  const unsealed = new Map<string, KeyObject>()
  let known = new Map<string, KeyObject>()

  function open(key: SealedKey): KeyObject {
    const opened = unsealed.get(key.kid) ?? openPrivate(seal, key)
    unsealed.set(key.kid, opened)
    return opened
  }

  /** Keys that have ended are known too: what became of a permit is in its approval's row, not in its key. */
  async function keyOf(kid: string): Promise<KeyObject | null> {
    if (!known.has(kid)) {
      const keys = await listSigningKeys(database, 'permit')
      known = new Map(keys.map((key) => [key.kid, readPublic(key.public)]))
    }
    return known.get(kid) ?? null
  }

  return {
    async ready() {
      await signingKey(database, 'permit', clock.now, () => newSigningKey(seal))
    },
    async give(approval, key) {
      const claims = permitClaims(approval)
      if (claims === null) return approval
      const signer = { kid: key.kid, key: open(key) }
      return { ...approval, permit: await signPermit({ iss: issuer, ...claims }, signer) }
    },
    read: (token) => readPermit(token, keyOf),
    async publicKeys() {
      const now = clock.now()
      const keys = await listSigningKeys(database, 'permit')
      return keys
        .filter(({ retires_at, ends_at }) => retires_at === null || (ends_at !== null && ends_at > now))
        .map(({ kid, public: x }) => publicJwk(kid, x))
    },
  }
}
