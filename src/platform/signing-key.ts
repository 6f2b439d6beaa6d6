import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import type { Seal } from './seal.ts'

/** What we sign. Each has keys of its own, so that one kind of signature is never taken for another. */
export const purposes = ['checkpoint', 'permit'] as const
export type Purpose = (typeof purposes)[number]

/** An Ed25519 key pair as it is kept: `public` is the `x` of its JWK, `sealed` the private key, `kid` its RFC 7638 thumbprint. */
export type SealedPair = { kid: string; public: string; sealed: string }

export function newSigningKey(seal: Seal): SealedPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  return { kid: thumbprint(x), public: x, sealed: seal.close(pkcs8) }
}

/** Throws where SECRET_KEY is another one than the key was sealed with. */
export function openPrivate(seal: Seal, { sealed }: Pick<SealedPair, 'sealed'>): KeyObject {
  return createPrivateKey({ key: Buffer.from(seal.open(sealed), 'base64'), format: 'der', type: 'pkcs8' })
}

export function readPublic(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

/** The members in this order, without white space, are what RFC 7638 hashes. */
function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')
}
