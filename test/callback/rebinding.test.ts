import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createSender } from '../../src/callback/index.ts'
import { newCallbackSecret } from '../../src/platform/callback-secret.ts'
import { guardedConnector } from '../../src/callback/connect.ts'
import type { Dial, Lookup } from '../../src/callback/connect.ts'
import { movedClock } from '../setup/moved-clock.ts'
import { httpEndpoint } from './endpoint.ts'
import type { Endpoint } from './endpoint.ts'

const publicAddress = '1.1.1.1'
let inside: Endpoint

beforeEach(async () => {
  inside = await httpEndpoint()
})
afterEach(() => inside.close())

/** A name server whose answers change from one question to the next; the last stays. */
function names(...answers: string[][]): { lookup: Lookup; asked: () => number } {
  let asked = 0
  const lookup: Lookup = (_name, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  return { lookup, asked: () => asked }
}

/** Goes to 127.0.0.1 once the target's name is looked up, as a router that bends connections would. */
const bentDial: Dial = ({ host, port, lookup }) => {
  const socket = connect({
    host: '127.0.0.1',
    port: port ?? 0,
    lookup: (_name, _options, answer) => answer(null, []),
  })
  lookup?.(host ?? '', { all: true }, (error) => error && socket.destroy(error))
  return socket
}

function send(scheme: 'http' | 'https', lookup: Lookup, dial?: Dial, allowed_hosts: string[] = []) {
  const clock = movedClock(new Date('2026-01-01T00:00:00Z'))
  const seams = dial ? { lookup, dial } : { lookup }
  const sender = createSender({ allowed_hosts, allow_loopback: false, clock, version: '1', ...seams })
  const callback = { id: 'msg_1', body: '{}', secrets: [newCallbackSecret()], at: new Date() }
  return sender.send({ url: `${scheme}://agent.example:${inside.port}/`, ...callback })
}

describe('a name that leads inside', () => {
  test.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['fe80::1%eth0']],
    [['64:ff9b::7f00:1']],
  ])('%j is refused', async (addresses) => {
    const attempt = await send('https', names(addresses).lookup)
    expect(attempt).toMatchObject({ outcome: 'refused', status: null, address: addresses[0] })
    expect(inside.connections).toEqual([])
  })

  test.each([
    [[publicAddress, '127.0.0.1']],
    [['127.0.0.1', publicAddress]],
    [['2606:4700:4700::1111', publicAddress, '::1']],
  ])('with one of its addresses, %j, is refused', async (addresses) => {
    const attempt = await send('https', names(addresses).lookup)
    expect(attempt).toMatchObject({ outcome: 'refused', error: 'loopback address' })
    expect(inside.connections).toEqual([])
  })
})

describe('a name that changes its address', () => {
  test('after it was judged is not asked again: the judged address is the one that is dialled', async () => {
    const { lookup, asked } = names([publicAddress], ['127.0.0.1'])
    const dialled: string[] = []
    const dial: Dial = (options) => {
      const socket = connect({
        host: options.host ?? '',
        port: options.port ?? 0,
        autoSelectFamily: true,
        lookup: (name, asking, answer) =>
          options.lookup?.(name, asking, (error, addresses) => {
            dialled.push(
              ...(Array.isArray(addresses) ? addresses.map(({ address }) => address) : [addresses]),
            )
            // No packet leaves for the public address: what counts is which one it would have been.
            answer(error ?? Object.assign(new Error('unreachable'), { code: 'ENETUNREACH' }), [])
          }),
      })
      return socket
    }

    expect(await send('https', lookup, dial)).toMatchObject({
      outcome: 'retry',
      error: 'unreachable (ENETUNREACH)',
    })
    expect(dialled).toEqual([publicAddress])
    expect(asked()).toBe(1)

    // when the same callback is tried again, it is judged again
    expect(await send('https', lookup)).toMatchObject({ outcome: 'refused', address: '127.0.0.1' })
    expect(inside.connections).toEqual([])
  })

  test('only on the wire is refused by where the socket really ended, before a byte is sent', async () => {
    const attempt = await send('https', names([publicAddress]).lookup, bentDial)
    expect(attempt).toMatchObject({ outcome: 'refused', error: 'loopback address', address: '127.0.0.1' })
    await inside.close()
    expect(inside.connections.map(({ bytesRead }) => bytesRead)).toEqual([0])
  })

  test('is nobody’s business where the operator named the host', async () => {
    const attempt = await send('http', names(['127.0.0.1']).lookup, undefined, ['agent.example'])
    expect(attempt).toMatchObject({ outcome: 'delivered', address: '127.0.0.1' })
    expect(inside.received[0]?.headers.host).toBe(`agent.example:${inside.port}`)
  })
})

test('an address in the place of a name is judged without a lookup and never dialled', async () => {
  const connect = guardedConnector({
    judge: (address) => `not ${address}`,
    connected: () => undefined,
    signal: new AbortController().signal,
    lookup: () => expect('a lookup').toBe('not made'),
    dial: () => {
      throw new Error('dialled')
    },
  })
  const error = await new Promise((resolve) => {
    connect({ protocol: 'http:', hostname: '127.0.0.1', port: String(inside.port) }, (...args) =>
      resolve(args[0]),
    )
  })
  expect(error).toMatchObject({ name: 'AddressRefused', message: 'not 127.0.0.1', address: '127.0.0.1' })
})
