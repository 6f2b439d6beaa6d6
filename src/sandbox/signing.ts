import { createHmac } from 'node:crypto'

/**
 * The headers that prove a request to be Slack's (authentication/verifying-requests-from-slack): HMAC-SHA256 over
 * `v0:timestamp:body` with the app's signing secret. `at` is cut to whole seconds.
 */
export function signedHeaders(signing_secret: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const digest = createHmac('sha256', signing_secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` }
}
