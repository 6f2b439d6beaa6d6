import type { KeyObject } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, SignJWT, type JWTPayload } from 'jose'

/**
 * A permit as agents carry it: a JSON Web Token, signed by us with Ed25519 (RFC 7519, RFC 8037). Its `typ` says that it is one,
 * so that nothing else that this key might ever sign is taken for a permit (RFC 8725, section 3.11).
 */
const header = { alg: 'EdDSA', typ: 'permit+jwt' }

/** The same key and the same claims always give the same text. */
export async function signPermit(
  claims: JWTPayload & { jti: string },
  { kid, key }: { kid: string; key: KeyObject },
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ ...header, kid }).sign(key)
}

/**
 * The `jti` of a permit that one of our keys signed; null for anything else. It says nothing of the time: whether a permit is
 * still good is for those who know what became of it.
 *
 * @param keyOf our public key with that `kid`, or null
 */
export async function readPermit(
  token: string,
  keyOf: (kid: string) => Promise<KeyObject | null>,
): Promise<string | null> {
  const { alg, typ, kid } = headerOf(token)
  if (alg !== header.alg || typ !== header.typ || typeof kid !== 'string') return null
  const key = await keyOf(kid)
  if (key === null) return null
  const payload = await compactVerify(token, key, { algorithms: [header.alg] }).then(
    (verified) => new TextDecoder().decode(verified.payload),
    // Of a good key, only the token can be at fault.
    () => null,
  )
  if (payload === null) return null
  const { jti } = JSON.parse(payload) as { jti?: unknown }
  return typeof jti === 'string' ? jti : null
}

function headerOf(token: string): { alg?: unknown; typ?: unknown; kid?: unknown } {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return {}
  }
}

/** A public key as a JWK (RFC 7517) that says what it is for. `x` is its 32 bytes in base64url. */
export type PublicJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' }

export function publicJwk(kid: string, x: string): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' }
}
