import { raw, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Logger } from 'pino'
import type { Flow } from '../flow/flow.ts'
import type { Clock } from '../platform/clock.ts'
import { Unavailable } from '../platform/unavailable.ts'

/** How far Slack's clock and ours may be apart (docs.slack.dev/authentication/verifying-requests-from-slack: 5 minutes). */
export const toleranceMs = 300_000
const bodyLimit = 1024 * 1024

/**
 * Lets through what Slack signed, just now and for the first time. Bolt's own check refuses old timestamps only: one
 * from tomorrow passes there, and so does the same request a second time.
 */
export function onlyFromSlack(parts: {
  signing_secret: string
  flow: Flow
  clock: Clock
  log: Logger
}): RequestHandler[] {
  const { signing_secret, flow, clock, log } = parts

  async function check(req: Request, res: Response, next: NextFunction) {
    const refuse = (status: number, why: string) => {
      log.warn({ why, ip: req.ip }, 'a request to the Slack endpoint was refused')
      res.status(status).type('text/plain').send(why)
    }
    const signature = req.get('x-slack-signature') ?? ''
    const timestamp = req.get('x-slack-request-timestamp') ?? ''
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
    if (!isSignedBy(signing_secret, signature, timestamp, body)) return refuse(401, 'not signed by Slack')
    const now = clock.now().getTime()
    if (Math.abs(now - Number(timestamp) * 1_000) > toleranceMs)
      return refuse(401, 'the timestamp is not of now')
    if (!(await flow.acceptOnce(signature, new Date(now - 2 * toleranceMs))))
      return refuse(401, 'this request was here before')
    // Where Bolt's parser looks for a body that was read already.
    Object.assign(req, { rawBody: body })
    next()
  }

  return [
    raw({ type: () => true, limit: bodyLimit }),
    (req, res, next) => {
      check(req, res, next).catch((error: unknown) => {
        if (!(error instanceof Unavailable)) return next(error)
        res.status(503).set('Retry-After', '5').type('text/plain').send('try again in a moment')
      })
    },
  ]
}

function isSignedBy(secret: string, signature: string, timestamp: string, body: Buffer): boolean {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest()
  const given = Buffer.from(/^v0=([0-9a-f]{64})$/.exec(signature)?.[1] ?? '', 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
