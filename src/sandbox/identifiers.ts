import { randomBytes, randomUUID } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** `prefix` and 10 random capitals and digits, as Slack's own ids look: `V0A1B2C3D4E`. */
export function slackId(prefix: string): string {
  return prefix + Array.from(randomBytes(10), (byte) => letters[byte % letters.length]).join('')
}

/** An id for a block or an action that the app left unnamed. */
export function generatedId(): string {
  return randomUUID().slice(0, 8)
}

/** A secret part of a URL or a trigger. */
export function ticket(): string {
  return randomBytes(16).toString('hex')
}
