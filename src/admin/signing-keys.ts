import { newSigningKey, purposes, type Purpose } from '../platform/signing-key.ts'
import { listSigningKeys, rotateSigningKey } from '../store/signing-keys.ts'
import type { Refused } from './agents.ts'
import type { AdminParts, By } from './index.ts'
import { adminEvent } from './record.ts'

/** A key that signs for us, or did. `public` is the `x` of its JWK (Ed25519). */
export type ListedKey = {
  purpose: Purpose
  kid: string
  public: string
  created_at: Date
  /** When it stopped signing; null: it signs. */
  retired_at: Date | null
}

export async function signingKeys({ database }: AdminParts): Promise<ListedKey[]> {
  return (await listSigningKeys(database)).map(({ purpose, kid, public: x, created_at, retires_at }) => ({
    purpose,
    kid,
    public: x,
    created_at,
    retired_at: retires_at,
  }))
}

/**
 * A new key signs from now on. The old one signs nothing more; its public part stays, to check what it signed.
 *
 * @returns why not, in words, where nothing is signed for such a purpose
 */
export async function rotateKey(
  { database, clock, seal }: AdminParts,
  asked: { purpose: string },
  by: By,
): Promise<{ purpose: Purpose; kid: string; public: string } | Refused> {
  const purpose = purposes.find((one) => one === asked.purpose)
  if (!purpose)
    return { refused: `There are keys for ${purposes.join(' and ')}, and none for ${asked.purpose}` }
  const pair = newSigningKey(seal)
  const { kid, public: x } = pair
  await rotateSigningKey(database, purpose, clock.now, (old_kid, at) => ({
    ...pair,
    event: adminEvent('key.rotated', by, at, { purpose, kid, public: x, old_kid }),
  }))
  return { purpose, kid, public: x }
}
