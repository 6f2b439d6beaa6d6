import { webcrypto } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { button, movedClock, plainApp, setting, signing_secret } from './setting.ts'
import type { PlainApp, Received, Setting } from './setting.ts'

const clock = movedClock(new Date('2026-11-22T10:00:00.900Z'))
let app: PlainApp
let desk: Setting

beforeAll(async () => {
  app = await plainApp()
  desk = await setting({ clock, app_url: () => app.url })
})

afterAll(async () => {
  await desk.close()
  await app.close()
})

/** Slack's rule for signatures, written anew on another library than the one that signs. */
async function verifies({ headers, body }: Received, secret = signing_secret): Promise<boolean> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await webcrypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['verify'])
  const [version, hex = ''] = String(headers['x-slack-signature']).split('=')
  const signed = `${version}:${String(headers['x-slack-request-timestamp'])}:${body}`
  return (
    version === 'v0' && (await webcrypto.subtle.verify('HMAC', key, Buffer.from(hex, 'hex'), bytes(signed)))
  )
}

test('interactions, commands and events are signed with the secret, at the clock’s time', async () => {
  const { ts = '' } = await desk.client.chat.postMessage({
    channel: 'C_DATA',
    text: 'é ✓',
    blocks: button('go'),
  })
  await desk.sandbox.act({ do: 'click', as: 'U_BOB', channel: 'C_DATA', ts, action_id: 'go' })
  const command = { do: 'command', as: 'U_BOB', channel: 'C_DATA', command: '/countersign' } as const
  await desk.sandbox.act({ ...command, text: 'ünï & <code>' })
  await desk.sandbox.act({ do: 'open_home', as: 'U_BOB' })

  expect(app.received).toHaveLength(3)
  for (const received of app.received) {
    expect(received.headers['x-slack-request-timestamp']).toBe(
      String(Date.parse('2026-11-22T10:00:00Z') / 1000),
    )
    expect(await verifies(received)).toBe(true)
    expect(await verifies(received, 'another secret')).toBe(false)
    expect(await verifies({ ...received, body: `${received.body} ` })).toBe(false)
  }
})
