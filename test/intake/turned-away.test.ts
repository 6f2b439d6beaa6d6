import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect } from 'node:net'
import { keys, startServer } from './agents-server.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())

const json = { action: { tool: 't' } }

describe('503', () => {
  test.each([
    ['GET', '/v1/approvals'],
    ['GET', '/v1/approvals/apr_1?wait=5'],
    ['POST', '/v1/approvals'],
    ['POST', '/v1/approvals/apr_1/cancel'],
  ])('%s %s without the database', async (method, path) => {
    server.desk.state.away = true

    const reply = await server.call(
      method,
      path,
      method === 'POST' ? { json: path.endsWith('s') ? json : {} } : {},
    )

    expect(reply.status).toBe(503)
    expect(reply.body).toMatchObject({ type: 'urn:countersign:problem:unavailable', status: 503 })
    expect(reply.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/)
    expect(server.defects()).toEqual([])
  })

  test('says whether anything was done, and how to ask again', async () => {
    const key = { 'Idempotency-Key': 'order-1881' }
    server.desk.state.away = true
    const untouched = await server.open({}, key)
    server.desk.state.away = false
    server.desk.state.loses_answers = true
    const unheard = await server.open({}, key)
    server.desk.state.loses_answers = false
    const again = await server.open({}, key)

    expect([untouched.status, unheard.status, again.status]).toEqual([503, 503, 200])
    expect(untouched.body.detail).toContain('nothing was done')
    expect(unheard.body.detail).toContain('may have been done or not')
    expect(unheard.body.detail).toContain('Idempotency-Key')
    expect(server.desk.stored()).toBe(1)
  })

  test('while draining no work is taken on, and no read waits', async () => {
    const { body } = await server.open()
    server.state.draining = true

    const refused = await server.open()
    const cancelled = await server.call('POST', `/v1/approvals/${body.id}/cancel`)
    const read = await server.call('GET', `/v1/approvals/${body.id}?wait=60`)

    expect([refused.status, cancelled.status, read.status]).toEqual([503, 503, 200])
    expect(refused.headers.get('retry-after')).not.toBeNull()
    expect(refused.headers.get('connection')).toBe('close')
    expect(read.body.status).toBe('pending')
    expect(server.desk.stored()).toBe(1)
  })
})

test('a defect of ours is a 500 that tells nothing, and is logged as ours', async () => {
  server.desk.desk.find = async () => {
    throw Object.assign(new Error('relation "approval" does not exist'), {
      detail: 'Failing row contains (Refund $240)',
    })
  }

  const reply = await server.call('GET', '/v1/approvals/apr_1')

  expect(reply.status).toBe(500)
  expect(JSON.stringify(reply.body)).not.toContain('relation')
  expect(JSON.stringify(server.logged)).not.toContain('Refund')
  expect(server.defects()).toMatchObject([
    { path: '/v1/approvals/apr_1', err: { message: 'relation "approval" does not exist' } },
  ])
})

describe('methods', () => {
  test.each([
    ['/v1/approvals', 'GET, HEAD, POST, OPTIONS'],
    ['/v1/approvals/apr_1', 'GET, HEAD, OPTIONS'],
    ['/v1/approvals/apr_1/cancel', 'POST, OPTIONS'],
  ])('%s allows %s', async (path, allowed) => {
    const asked = await server.call('OPTIONS', path)
    const tried = await server.call('PUT', path)

    expect(asked).toMatchObject({ status: 204, body: null })
    expect(tried.status).toBe(405)
    expect([asked, tried].map(({ headers }) => headers.get('allow'))).toEqual([allowed, allowed])
  })

  test('401 says which scheme is wanted', async () => {
    const none = await server.call('GET', '/v1/approvals', { key: null })
    const unknown = await server.call('GET', '/v1/approvals', { key: keys.unknown })

    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="countersign"')
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer realm="countersign", error="invalid_token"')
  })
})

describe('bytes that no client library would send', () => {
  const head = [
    'POST /v1/approvals HTTP/1.1',
    'Host: a',
    `Authorization: Bearer ${keys.good}`,
    'Content-Type: application/json',
  ]

  /** What the server says to `lines` and `body` on a socket of its own, up to the end of the connection. */
  async function say(lines: string[], body = '') {
    const socket = connect(server.port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk))
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
    await once(socket, 'close')
    return heard
  }

  test('a chunked body that grows past the limit is refused before it ends', async () => {
    const socket = connect(server.port, '127.0.0.1').setEncoding('utf8')
    socket.write(`${[...head, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`)
    for (let i = 0; i < 5; i++) socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`)

    const [heard] = await once(socket, 'data')
    socket.destroy()

    expect(heard).toMatch(/^HTTP\/1.1 413 /)
  })

  test('a body that is announced too large is refused unseen', async () => {
    const socket = connect(server.port, '127.0.0.1').setEncoding('utf8')
    socket.write(`${[...head, 'Content-Length: 99999999999'].join('\r\n')}\r\n\r\n`)

    const [heard] = await once(socket, 'data')
    socket.destroy()

    expect(heard).toMatch(/^HTTP\/1.1 413 /)
  })

  test('a body that breaks off stores nothing and is no defect', async () => {
    await say([...head, 'Content-Length: 1000'], '{"action":{"tool":"t"}}')

    expect(server.desk.stored()).toBe(0)
    expect(server.defects()).toEqual([])
  })

  test('two idempotency keys are no key', async () => {
    const body = JSON.stringify(json)
    const heard = await say(
      [
        ...head,
        'Idempotency-Key: a',
        'Idempotency-Key: b',
        `Content-Length: ${body.length}`,
        'Connection: close',
      ],
      body,
    )

    expect(heard).toMatch(/^HTTP\/1.1 400 /)
    expect(heard).toContain('"pointer":"Idempotency-Key"')
  })

  test.each([
    'GET /v1/approvals?\\"<> HTTP/1.1',
    'GET http://elsewhere/v1/approvals/%2e%2e HTTP/1.1',
    'GET /v1//approvals HTTP/1.1',
  ])('%s is no defect', async (first) => {
    const heard = await say([first, 'Host: a', `Authorization: Bearer ${keys.good}`, 'Connection: close'])

    expect(heard).toMatch(/^HTTP\/1.1 40[04] /)
    expect(server.defects()).toEqual([])
  })
})
