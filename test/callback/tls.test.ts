import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createSender } from '../../src/callback/index.ts'
import { newCallbackSecret } from '../../src/platform/callback-secret.ts'
import { certificate } from './certificate.ts'
import { movedClock } from '../setup/moved-clock.ts'
import { httpEndpoint, httpsEndpoint, hungUp, tcpEndpoint } from './endpoint.ts'
import type { Endpoint } from './endpoint.ts'

const clock = movedClock(new Date('2026-01-01T00:00:00Z'))
const sender = createSender({ allowed_hosts: [], allow_loopback: true, clock, version: '1' })
const send = (url: string) =>
  sender.send({ url, id: 'msg_1', body: '{}', secrets: [newCallbackSecret()], at: new Date() })

let endpoint: Endpoint
afterEach(() => endpoint.close())

test('a certificate that nobody vouches for is not accepted, and nothing is sent', async () => {
  endpoint = await httpsEndpoint()
  const attempt = await send(`https://localhost:${endpoint.port}/`)
  expect(attempt).toMatchObject({
    outcome: 'retry',
    error: 'certificate not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)',
  })
  expect(endpoint.received).toEqual([])
})

test('an endpoint without TLS is not talked to over https', async () => {
  endpoint = await httpEndpoint()
  const attempt = await send(`https://127.0.0.1:${endpoint.port}/`)
  expect(attempt).toMatchObject({ outcome: 'retry', status: null })
  expect(attempt.error).toMatch(/^no TLS/)
})

test('a connection closed in the middle of the handshake is tried again', async () => {
  endpoint = await tcpEndpoint((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const attempt = await send(`https://127.0.0.1:${endpoint.port}/`)
  expect(attempt).toMatchObject({
    outcome: 'retry',
    status: null,
    error: 'connection closed early (ECONNRESET)',
  })
})

test('a handshake that never ends is given up', async () => {
  endpoint = await tcpEndpoint((socket) => socket.resume())
  const hasty = createSender({ allowed_hosts: [], allow_loopback: true, clock, version: '1', limit_ms: 100 })
  const callback = { id: 'msg_1', body: '{}', secrets: [newCallbackSecret()], at: new Date() }
  const attempt = await hasty.send({ url: `https://127.0.0.1:${endpoint.port}/`, ...callback })
  expect(attempt).toMatchObject({ outcome: 'retry', error: 'no answer within 0.1 s', address: '127.0.0.1' })
  await hungUp(endpoint)
})

describe('where the certificate is trusted', () => {
  const before = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([certificate]))
  afterAll(() => setDefaultCACertificates(before))

  test('it delivers to the name that the certificate is for', async () => {
    endpoint = await httpsEndpoint()
    expect(await send(`https://localhost:${endpoint.port}/`)).toMatchObject({
      outcome: 'delivered',
      status: 200,
    })
    expect(endpoint.received).toHaveLength(1)
  })

  test('it does not deliver to another', async () => {
    endpoint = await httpsEndpoint()
    expect(await send(`https://127.0.0.1:${endpoint.port}/`)).toMatchObject({
      outcome: 'retry',
      error: 'certificate not accepted (ERR_TLS_CERT_ALTNAME_INVALID)',
    })
    expect(endpoint.received).toEqual([])
  })
})
