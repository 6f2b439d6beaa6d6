import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts small secrets at rest with SECRET_KEY. `open` throws where the key is another one or the text was changed. */
export type Seal = { close(secret: string): string; open(sealed: string): string }

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: `v1.` + base64url of nonce, tag and ciphertext. */
export function createSeal(key: Buffer): Seal {
  if (key.length !== 32) throw new Error('a seal needs a key of 32 bytes')
  return {
    close(secret) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
    },
    open(sealed) {
      const [version, body] = sealed.split('.')
      if (version !== 'v1' || body === undefined) throw new Error('this was not sealed by us')
      const bytes = Buffer.from(body, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}
