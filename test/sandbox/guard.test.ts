import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setting } from './setting.ts'
import type { Setting } from './setting.ts'

let desk: Setting

beforeAll(async () => {
  desk = await setting({ allowed_hosts: ['desk.example'] })
})

afterAll(() => desk.close())

/** A request with headers that `fetch` would not let through. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, desk.url), { method, headers }, (response) =>
      resolve(response.resume()),
    )
    sent.on('error', reject)
    sent.end(method === 'POST' ? '{"do":"open_home","as":"U_BOB"}' : undefined)
  })
}

const status = async (method: string, path: string, headers: Record<string, string>) =>
  (await ask(method, path, headers)).statusCode

test.each(['127.0.0.1', 'localhost:9', '[::1]:80', '127.9.9.9', 'LOCALHOST', 'desk.example'])(
  'is served as %s',
  async (host) => expect(await status('GET', 'state', { host })).toBe(200),
)

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '10.0.0.1',
  'desk.example.evil',
])('is not served as "%s": a foreign name may resolve to this machine', async (host) => {
  expect(await status('GET', 'state', { host })).toBe(403)
  expect(await status('POST', 'act', { host })).toBe(403)
})

test('takes acts from its own page and from programs, not from other sites', async () => {
  const own = new URL(desk.url)
  const from = (origin: string) => status('POST', 'act', { host: own.host, origin })
  expect(await status('POST', 'act', { host: own.host })).toBe(200)
  expect(await from(own.origin)).toBe(200)
  expect(await from('http://evil.example')).toBe(403)
  expect(await from('http://localhost:1')).toBe(403)
  expect(await from('null')).toBe(403)
  const foreign = { host: own.host, 'sec-fetch-site': 'cross-site' }
  expect(await status('GET', 'api/auth.test', foreign)).toBe(403)
  expect(await status('GET', './', { ...foreign, 'sec-fetch-mode': 'navigate' })).toBe(200)
  expect(await status('GET', 'api/auth.test', { ...foreign, 'sec-fetch-mode': 'navigate' })).toBe(403)
})

test('takes no socket from another site, nor without a ticket', async () => {
  const upgrade = (path: string, headers: Record<string, string>) =>
    status('GET', path, { connection: 'Upgrade', upgrade: 'websocket', ...headers })
  expect(await upgrade('socket/x', { origin: 'http://evil.example' })).toBe(403)
  expect(await upgrade('socket/x', {})).toBe(401)
  expect(await upgrade('elsewhere', {})).toBe(403)
})

test('serves the page with a strict policy, TypeScript as JavaScript, and nothing outside its folder', async () => {
  const page = await ask('GET', './', { host: '127.0.0.1' })
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(
      /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
    ),
  })
  const script = await fetch(`${desk.url}assets/main.ts`)
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await script.text()).not.toMatch(/^import type/m)
  const outside = [
    '../protocol.ts',
    '..%2fprotocol.ts',
    '%2e%2e/protocol.ts',
    'tsconfig.json',
    'assets.json',
    'none.ts',
  ]
  for (const name of outside) expect(await status('GET', `assets/${name}`, {})).toBe(404)
  expect((await fetch(desk.url.slice(0, -1), { redirect: 'manual' })).headers.get('location')).toBe(
    '/sandbox/',
  )
})

test('answers an act that is none with what is wrong about it', async () => {
  const send = (body: string) => fetch(`${desk.url}act`, { method: 'POST', body })
  expect((await send('{')).status).toBe(400)
  const refused = await send('{"do":"click","as":"U_BOB"}')
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ ok: false, error: expect.stringContaining('channel') })
})
