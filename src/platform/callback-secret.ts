import { randomBytes } from 'node:crypto'

/** A new callback secret: `whsec_` and 32 random bytes in base 64; Standard Webhooks asks for 24 to 64. */
export function newCallbackSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}
