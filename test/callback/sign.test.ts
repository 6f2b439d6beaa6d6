import { describe, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { signedHeaders } from '../../src/callback/index.ts'
import { newCallbackSecret } from '../../src/platform/callback-secret.ts'

const body = '{"type":"approval.approved","data":{"summary":"Größe 12 €"}}'
const sign = (secrets: string[], bytes: string | Uint8Array = body) =>
  signedHeaders({ id: 'msg_01', body: bytes, secrets, at: new Date() })

describe('the signature, as the standardwebhooks package reads it', () => {
  test('verifies with the secret', () => {
    const secret = newCallbackSecret()
    expect(new Webhook(secret).verify(body, sign([secret]))).toEqual(JSON.parse(body))
  })

  test('is the same over text and over its bytes', () => {
    const secret = newCallbackSecret()
    expect(() =>
      new Webhook(secret).verify(body, sign([secret], new TextEncoder().encode(body))),
    ).not.toThrow()
  })

  test('verifies with the old and with the new secret while both are signed with', () => {
    const [fresh, old] = [newCallbackSecret(), newCallbackSecret()]
    const headers = sign([fresh, old])

    expect(headers['webhook-signature'].split(' ')).toHaveLength(2)
    expect(() => new Webhook(fresh).verify(body, headers)).not.toThrow()
    expect(() => new Webhook(old).verify(body, headers)).not.toThrow()
  })

  test('fails with another secret', () => {
    expect(() => new Webhook(newCallbackSecret()).verify(body, sign([newCallbackSecret()]))).toThrow(
      'No matching signature',
    )
  })

  test.each(['webhook-id', 'webhook-timestamp', 'body'])('fails when %s is changed', (part) => {
    const secret = newCallbackSecret()
    const headers = sign([secret])
    const changed: Record<string, Record<string, string>> = {
      'webhook-id': { 'webhook-id': 'msg_02' },
      'webhook-timestamp': { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) },
    }
    const verify = () =>
      new Webhook(secret).verify(part === 'body' ? `${body} ` : body, { ...headers, ...changed[part] })
    expect(verify).toThrow('No matching signature')
  })
})

test('a new secret is whsec_ and 32 bytes, and another every time', () => {
  const secrets = [newCallbackSecret(), newCallbackSecret()]
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32)
  }
  expect(new Set(secrets).size).toBe(2)
})

describe('what cannot be signed with', () => {
  test.each([
    ['no prefix', Buffer.alloc(32).toString('base64')],
    ['23 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['65 bytes', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['not base 64', `whsec_${'!'.repeat(44)}`],
    ['base 64 and more', `${newCallbackSecret()}\n`],
    ['nothing', ''],
  ])('a secret with %s is refused without being quoted', (_, secret) => {
    const refusal = refusalOf(() => sign([secret]))
    expect(refusal).toContain('24 to 64 bytes')
    if (secret) expect(refusal).not.toContain(secret.slice(0, 20))
  })

  test('no secret at all', () => expect(() => sign([])).toThrow('no secret'))

  test.each(['', 'a.b', 'a b', 'a\r\nx-admin: 1', 'ü'])('the id %j', (id) => {
    expect(() => signedHeaders({ id, body, secrets: [newCallbackSecret()], at: new Date() })).toThrow(
      'callback id',
    )
  })
})

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return String(error)
  }
  throw new Error('was not refused')
}
