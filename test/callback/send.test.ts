import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { createSender } from '../../src/callback/index.ts'
import { newCallbackSecret } from '../../src/platform/callback-secret.ts'
import type { SenderSetting } from '../../src/callback/send.ts'
import { movedClock } from '../setup/moved-clock.ts'
import { httpEndpoint, hungUp, tcpEndpoint } from './endpoint.ts'
import type { Endpoint } from './endpoint.ts'

const secret = newCallbackSecret()
const noon = new Date('2026-03-01T12:00:00.000Z')
const open: Endpoint[] = []

afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close()
})

async function given(endpoint: Promise<Endpoint>): Promise<Endpoint> {
  open.push(await endpoint)
  return endpoint
}

function send(url: string, setting: Partial<SenderSetting> = {}, body: string | Uint8Array = '{"a":1}') {
  const clock = movedClock(noon)
  const sender = createSender({
    allowed_hosts: [],
    allow_loopback: true,
    clock,
    version: '1.2.3',
    ...setting,
  })
  return sender.send({ url, id: 'msg_1', body, secrets: [secret], at: new Date() })
}

describe('a callback that is answered', () => {
  test('is one signed POST of the very bytes, and delivered', async () => {
    const endpoint = await given(httpEndpoint())
    const body = '{"text":"Größe — 12 €"}'

    const attempt = await send(`http://127.0.0.1:${endpoint.port}/hooks/a%20b?x=1#part`, {}, body)

    expect(attempt).toEqual({
      outcome: 'delivered',
      status: 200,
      error: null,
      duration_ms: 0,
      retry_after_ms: null,
      address: '127.0.0.1',
    })
    expect(endpoint.received).toHaveLength(1)
    const [request] = endpoint.received
    expect(request).toMatchObject({ method: 'POST', path: '/hooks/a%20b?x=1', body })
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Countersign/1.2.3',
      'content-length': String(Buffer.byteLength(body)),
      host: `127.0.0.1:${endpoint.port}`,
    })
    const header = (name: string) => String(request?.headers[name])
    const headers = {
      'webhook-id': header('webhook-id'),
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    }
    expect(new Webhook(secret).verify(request?.body ?? '', headers)).toEqual(JSON.parse(body))
  })

  test('sends bytes as they are', async () => {
    const endpoint = await given(httpEndpoint())
    await send(`http://127.0.0.1:${endpoint.port}/`, {}, new TextEncoder().encode('{"b":"é"}'))
    expect(endpoint.received[0]?.body).toBe('{"b":"é"}')
  })

  test('has a connection of its own on every try', async () => {
    const endpoint = await given(httpEndpoint())
    await send(`http://localhost:${endpoint.port}/`)
    await send(`http://localhost:${endpoint.port}/`)
    expect(endpoint.connections).toHaveLength(2)
  })

  test.each([
    [200, 'delivered', null],
    [201, 'delivered', null],
    [202, 'delivered', null],
    [204, 'delivered', null],
    [299, 'delivered', null],
    [300, 'retry', 'redirect not followed'],
    [301, 'retry', 'redirect not followed'],
    [304, 'retry', 'redirect not followed'],
    [400, 'retry', 'answered 400'],
    [401, 'retry', 'answered 401'],
    [404, 'retry', 'answered 404'],
    [410, 'gone', 'gone'],
    [429, 'retry', 'answered 429'],
    [500, 'retry', 'answered 500'],
    [503, 'retry', 'answered 503'],
    [599, 'retry', 'answered 599'],
  ])('%d means %s', async (status, outcome, error) => {
    const endpoint = await given(httpEndpoint((_, response) => response.writeHead(status).end('words')))
    const attempt = await send(`http://127.0.0.1:${endpoint.port}/`)
    expect(attempt).toMatchObject({ outcome, status, error, retry_after_ms: null })
  })

  test.each([
    ['120', 120_000],
    ['0', 0],
    ['9'.repeat(400), 86_400_000],
    ['Sun, 01 Mar 2026 12:01:30 GMT', 90_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Sun, 01 Mar 2036 12:00:00 GMT', 86_400_000],
    ['Sun, 99 Mar 2026 12:00:00 GMT', null],
    ['-1', null],
    ['1.5', null],
    ['2030', 2_030_000],
    ['2030-01-01', null],
    ['soon', null],
    ['', null],
  ])('Retry-After: %s is %p ms', async (header, retry_after_ms) => {
    const busy: RequestListener = (_, response) => response.writeHead(429, { 'retry-after': header }).end()
    const endpoint = await given(httpEndpoint(busy))
    expect(await send(`http://127.0.0.1:${endpoint.port}/`)).toMatchObject({
      outcome: 'retry',
      retry_after_ms,
    })
  })

  test('that is a redirect is not followed, wherever to', async () => {
    const inside = await given(httpEndpoint())
    const moved = { location: `http://127.0.0.1:${inside.port}/admin` }
    const endpoint = await given(httpEndpoint((_, response) => response.writeHead(307, moved).end()))

    const attempt = await send(`http://127.0.0.1:${endpoint.port}/`)

    expect(attempt).toMatchObject({ outcome: 'retry', status: 307 })
    expect(inside.connections).toEqual([])
  })

  test('at endless length is cut off after the cap, and still delivered', async () => {
    let written = 0
    const endless: RequestListener = (_, response) => {
      const more = () => {
        written += 65_536
        response.write(Buffer.alloc(65_536))
      }
      response.on('drain', more)
      more()
    }
    const endpoint = await given(httpEndpoint(endless))

    expect(await send(`http://127.0.0.1:${endpoint.port}/`)).toMatchObject({
      outcome: 'delivered',
      status: 200,
    })
    await hungUp(endpoint)
    // What fits the two sockets' buffers, not what could have been sent in 15 s.
    expect(written).toBeLessThan(32 * 1_024 * 1_024)
  })

  test('by a status and then silence is taken by its status', async () => {
    const endpoint = await given(httpEndpoint((_, response) => response.writeHead(200).write('{')))
    const attempt = await send(`http://127.0.0.1:${endpoint.port}/`, { limit_ms: 200 })
    expect(attempt).toMatchObject({ outcome: 'delivered', status: 200 })
    await hungUp(endpoint)
  })
})

describe('a callback that is not answered', () => {
  test('in time is given up', async () => {
    const endpoint = await given(httpEndpoint(() => undefined))
    const attempt = await send(`http://127.0.0.1:${endpoint.port}/`, { limit_ms: 200 })
    expect(attempt).toMatchObject({ outcome: 'retry', status: null, error: 'no answer within 0.2 s' })
    await hungUp(endpoint)
  })

  test('because its name is never found is given up', async () => {
    const attempt = await send('http://agent.example/', { limit_ms: 50, lookup: () => undefined })
    expect(attempt).toMatchObject({ outcome: 'retry', error: 'no answer within 0.05 s', address: null })
  })

  test('because nobody listens is tried again', async () => {
    const { port, close } = await httpEndpoint()
    await close()
    const attempt = await send(`http://127.0.0.1:${port}/`)
    expect(attempt).toMatchObject({
      outcome: 'retry',
      status: null,
      error: 'connection refused (ECONNREFUSED)',
    })
  })

  test('because the name is unknown is tried again', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND agent.example'), { code: 'ENOTFOUND' })
    const attempt = await send('http://agent.example/', {
      lookup: (_name, _options, answer) => answer(unknown, []),
    })
    expect(attempt).toMatchObject({ outcome: 'retry', error: 'name not found (ENOTFOUND)' })
  })

  test('because the connection is closed at once is tried again, and only once connected', async () => {
    const endpoint = await given(tcpEndpoint((socket) => socket.destroy()))
    const attempt = await send(`http://127.0.0.1:${endpoint.port}/`)
    expect(attempt).toMatchObject({ outcome: 'retry', status: null })
    expect(attempt.error).toMatch(/^connection closed early/)
    expect(endpoint.connections).toHaveLength(1)
  })

  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
  ])('but with %s is tried again, and the answer is not quoted', async (_, bytes) => {
    const endpoint = await given(tcpEndpoint((socket) => void socket.end(bytes)))
    const attempt = await send(`http://127.0.0.1:${endpoint.port}/`)
    expect(attempt).toMatchObject({ outcome: 'retry', status: null })
    expect(attempt.error).toMatch(/^answer is not HTTP( \([A-Z_]+\))?$/)
  })
})

test('nothing is sent with an id that would break out of its header', async () => {
  const endpoint = await given(httpEndpoint())
  const url = `http://127.0.0.1:${endpoint.port}/`
  const setting = { allowed_hosts: [], allow_loopback: true, clock: movedClock(noon), version: '1' }
  const callback = { url, id: 'msg_1\r\nx-admin: 1', body: '{}', secrets: [secret], at: new Date() }

  await expect(createSender(setting).send(callback)).rejects.toThrow('callback id')
  expect(endpoint.connections).toEqual([])
})

test('the time taken is the clock’s, and never negative', async () => {
  const clock = movedClock(noon)
  const turn = (ms: number): RequestListener => {
    return (_, response) => {
      clock.move(ms)
      response.end()
    }
  }
  const slow = await given(httpEndpoint(turn(1_250)))
  const back = await given(httpEndpoint(turn(-5)))
  expect(await send(`http://127.0.0.1:${slow.port}/`, { clock })).toMatchObject({ duration_ms: 1_250 })
  expect(await send(`http://127.0.0.1:${back.port}/`, { clock })).toMatchObject({ duration_ms: 0 })
})
