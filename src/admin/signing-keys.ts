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
  /** When nothing is good any more that it signed; null: it signs, or what it signed is good for ever. */
  ends_at: Date | null
}

export async function signingKeys({ database }: AdminParts): Promise<ListedKey[]> {
  return (await listSigningKeys(database)).map(({ public: x, retires_at, ...key }) => ({
    purpose: key.purpose,
    kid: key.kid,
    public: x,
    created_at: key.created_at,
    retired_at: retires_at,
    ends_at: key.ends_at,
  }))
}

/**
 * A new key signs from now on. The old one signs nothing more; its public part stays, to check what it signed.
 *
 * @param asked.at_once nobody is to check anything with the old keys any more, as after one of them was lost to somebody.
 *   Of permits only: a checkpoint that is out cannot be taken back
 * @returns why not, in words, where nothing is signed for such a purpose
 */
export async function rotateKey(
  { database, clock, seal }: AdminParts,
  asked: { purpose: string; at_once: boolean },
  by: By,
): Promise<{ purpose: Purpose; kid: string; public: string } | Refused> {
  const purpose = purposes.find((one) => one === asked.purpose)
  if (!purpose)
    return { refused: `There are keys for ${purposes.join(' and ')}, and none for ${asked.purpose}` }
  const { at_once } = asked
  if (at_once && purpose !== 'permit')
    return { refused: `What was signed for each ${purpose} is out: its keys cannot end at once` }
  const pair = newSigningKey(seal)
  const { kid, public: x } = pair
  await rotateSigningKey(database, { purpose, at_once }, clock.now, (old_kid, at) => ({
    ...pair,
    event: adminEvent('key.rotated', by, at, { purpose, kid, public: x, old_kid, at_once }),
  }))
  return { purpose, kid, public: x }
}
