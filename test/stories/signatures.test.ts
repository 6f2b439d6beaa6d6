import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createHmac } from 'node:crypto'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const body =
  'command=%2Fcountersign&text=help&user_id=U_BOB&team_id=T_ACME&trigger_id=1.2.3&response_url=http%3A%2F%2F127.0.0.1%2F&channel_id=C_GENERAL'

const send = async (given: Parameters<typeof answerTo>[0]) => (await answerTo(given)).status

async function answerTo(given: {
  secret?: string
  at?: number
  text?: string
  signed_text?: string
  signature?: string
  media_type?: string
}) {
  const at = given.at ?? Math.floor(desk.clock.now().getTime() / 1_000)
  const text = given.text ?? body
  const hmac = createHmac('sha256', given.secret ?? desk.signing_secret).update(
    `v0:${at}:${given.signed_text ?? text}`,
  )
  const headers = {
    'content-type': given.media_type ?? 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': given.signature ?? `v0=${hmac.digest('hex')}`,
  }
  return fetch(`${desk.app.url}/slack/events`, { method: 'POST', headers, body: text })
}

const now = () => Math.floor(desk.clock.now().getTime() / 1_000)

test('what Slack signs just now is let through, once', async () => {
  expect(await send({})).toBe(200)
  expect(await send({})).toBe(401)
  desk.clock.move(1_000)
  expect(await send({})).toBe(200)
})

test.each([
  ['a forged signature', () => ({ secret: 'somebody else’s secret' })],
  ['a changed body', () => ({ text: body.replace('U_BOB', 'U_EVE'), signed_text: body })],
  ['a request of six minutes ago', () => ({ at: now() - 360 })],
  ['a request from tomorrow', () => ({ at: now() + 86_400 })],
  ['no signature', () => ({ signature: '' })],
  ['a signature of another version', () => ({ signature: 'v1=00' })],
  ['a signature that is too short', () => ({ signature: 'v0=ab' })],
])('%s is refused', async (_name, given) => {
  expect(await send(given())).toBe(401)
})

test('a timestamp that is no number is refused', async () => {
  const headers = { 'x-slack-request-timestamp': '1e9', 'x-slack-signature': `v0=${'0'.repeat(64)}` }
  expect((await fetch(`${desk.app.url}/slack/events`, { method: 'POST', headers, body })).status).toBe(401)
})

test('the address of the events is verified as Slack verifies it', async () => {
  const text = JSON.stringify({ token: 'x', challenge: 'a-challenge-of-slack', type: 'url_verification' })
  const answer = await answerTo({ text, media_type: 'application/json' })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ challenge: 'a-challenge-of-slack' })
  expect(await send({ text, media_type: 'application/json', secret: 'somebody else’s secret' })).toBe(401)
})
