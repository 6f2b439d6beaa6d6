import { randomSecret, sha256Hex } from './ids.ts'

const prefix = 'csk_'
const lookupLength = 12

/** `csk_` and 43 URL-safe characters: 32 random bytes. The first 12 find the key, the hash of the whole proves it. */
export function newApiKey(): { api_key: string; lookup: string; hash: string } {
  const api_key = prefix + randomSecret(32)
  return { api_key, ...readApiKey(api_key)! }
}

/** Null where the text cannot be one of our keys. */
export function readApiKey(text: string): { lookup: string; hash: string } | null {
  if (!/^csk_[A-Za-z0-9_-]{43}$/.test(text)) return null
  return { lookup: text.slice(prefix.length, prefix.length + lookupLength), hash: sha256Hex(text) }
}
