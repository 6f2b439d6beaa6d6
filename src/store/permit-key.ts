import type { SealedPair } from '../platform/signing-key.ts'

/** A key as whoever signs with it needs it. */
export type SealedKey = Pick<SealedPair, 'kid' | 'sealed'>

/**
 * The key that signs permits, as JSON in a statement that decides: what is read under the desk's lock is signed with the key
 * of that moment.
 */
export const permitKey = `(select json_build_object('kid', kid, 'sealed', sealed) from signing_key
    where purpose = 'permit' and retires_at is null)`
