import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { deflateSync, gzipSync, brotliCompressSync } from 'node:zlib'
import { approvalSchema } from '../../src/intake/approval-schema.ts'
import { keys, startServer } from './agents-server.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())

const everything = {
  action: {
    tool: 'stripe.refund',
    arguments: { charge: 'ch_1', amount: 240, 1: 'a', list: [null, true, 1e21, 0.1, -0] },
    summary: '😀'.repeat(300),
    justification: 'Customer was charged twice\n*really*',
  },
  risk: 'high',
  environment: 'staging',
  run_id: 'run_81',
  on_behalf_of: 'U012AB3CD',
  subject: { type: 'order', id: '1881', url: 'https://shop.example/orders/1881?a=b#c' },
  links: [{ title: 'Trace', url: 'http://localhost:3000/trace' }],
  metadata: { team: 'support', empty: '' },
  allowed_decisions: ['edit', 'approve'],
  arguments_schema: {
    type: 'object',
    properties: { amount: { $ref: '#/$defs/money' } },
    $defs: { money: { type: 'number' } },
  },
  before: { amount: 0 },
  expires_in: '30m',
  callback: { url: 'https://agent.example/hooks' },
  state: [1, { deep: null }],
  retry_of: 'apr_01k00000000000000000000000',
}

describe('POST /v1/approvals', () => {
  test('answers 201 with the approval and where it can be read', async () => {
    const reply = await server.call('POST', '/v1/approvals', { json: everything })

    expect(reply.status).toBe(201)
    expect(reply.headers.get('location')).toBe(`/v1/approvals/${reply.body.id}`)
    expect(reply.headers.get('content-type')).toBe('application/json')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(approvalSchema.safeParse(reply.body).error).toBeUndefined()
    const { action, risk, environment, run_id, on_behalf_of, subject, links, metadata, state, retry_of } =
      everything
    expect(reply.body).toMatchObject({
      risk,
      environment,
      run_id,
      on_behalf_of,
      subject,
      links,
      metadata,
      state,
      retry_of,
    })
    expect(reply.body.action).toEqual({
      ...action,
      arguments: { ...action.arguments, list: [null, true, 1e21, 0.1, 0] },
    })
    expect(reply.body).toMatchObject({
      created_at: '2026-03-02T10:00:00.000Z',
      expires_at: '2026-03-02T10:30:00.000Z',
      agent: { name: 'refund-bot', owner: 'U_ALICE' },
    })
    const read = await server.call('GET', `/v1/approvals/${reply.body.id}`)
    expect(read).toMatchObject({ status: 200, body: reply.body })
  })

  test('fills in what was left out', async () => {
    const { status, body } = await server.open()

    expect(status).toBe(201)
    expect(body).toMatchObject({
      action: { tool: 'stripe.refund', arguments: {}, summary: null, justification: null },
      risk: 'medium',
      environment: 'production',
      run_id: null,
      subject: null,
      links: [],
      metadata: {},
      state: null,
    })
  })

  test.each(['', ' ', '\n\t ', '\u00a0', '\u200b\u2060', '\u3164'])(
    'takes words that show nothing (%j) for none',
    async (blank) => {
      const action = { tool: 'stripe.refund', summary: blank, justification: blank }

      const { status, body } = await server.open({ action })

      expect(status).toBe(201)
      expect(body.action).toMatchObject({ summary: null, justification: null })
    },
  )

  test('keeps all other words as they were sent', async () => {
    const action = { tool: 'stripe.refund', summary: ' Refund ', justification: '\n\n*twice*\n' }

    const { body } = await server.open({ action })

    expect(body.action).toMatchObject(action)
  })

  test.each([
    [90, '10:01:30.000'],
    [0.5, '10:00:00.500'],
    ['4s', '10:00:04.000'],
    ['2d', '11:00:00.000'],
    ['999999999d', '11:00:00.000'],
    [1e300, '11:00:00.000'],
  ])(
    'expires in %p at %s: it may shorten the hour of the policy, and longer is clamped',
    async (expires_in, time) => {
      const { body } = await server.open({ expires_in })

      expect(body).toMatchObject({ expires_at: `2026-03-02T${time}Z` })
    },
  )

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('reads a body packed with %s', async (encoding, pack) => {
    const headers = { 'Content-Type': 'Application/JSON; Charset="UTF-8"', 'Content-Encoding': encoding }

    const reply = await server.call('POST', '/v1/approvals', {
      headers,
      body: pack(JSON.stringify(everything)),
    })

    expect(reply.status).toBe(201)
  })

  test('reads a body of exactly 256 KiB, and none of a byte more', async () => {
    const headers = { 'Content-Type': 'application/json' }
    const sized = (bytes: number) =>
      '{"action":{"tool":"t","arguments":{"x":"'.padEnd(bytes - 4, 'x') + '"}}}'

    const fits = await server.call('POST', '/v1/approvals', { headers, body: sized(256 * 1024) })
    const over = await server.call('POST', '/v1/approvals', { headers, body: sized(256 * 1024 + 1) })

    expect([fits.status, over.status]).toEqual([201, 413])
  })

  test('takes 64 levels', async () => {
    const reply = await server.call('POST', '/v1/approvals', {
      headers: { 'Content-Type': 'application/json' },
      body: `{"action":{"tool":"t","arguments":${'{"a":'.repeat(62)}1${'}'.repeat(62)}}}`,
    })

    expect(reply.status).toBe(201)
  })

  test('names an unknown field and the one that was probably meant', async () => {
    const { body } = await server.open({
      rsik: 'low',
      subject: { type: 'order', id: '1', ulr: 'x' },
      colour: 'red',
      links: [{ titel: 'x' }],
    })

    expect(body.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/rsik', detail: 'Unknown field "rsik"; did you mean "risk"?' },
        { pointer: '/subject/ulr', detail: 'Unknown field "ulr"; did you mean "url"?' },
        { pointer: '/links/0/titel', detail: 'Unknown field "titel"; did you mean "title"?' },
        { pointer: '/colour', detail: 'Unknown field "colour"' },
      ]),
    )
  })

  test('an answer to bad input stays small, whatever was sent', async () => {
    const key = 'k'.repeat(100_000)
    const manyFaults = Array.from({ length: 20_000 }, () => '1e999').join()

    const reply = await server.call('POST', '/v1/approvals', {
      headers: { 'Content-Type': 'application/json' },
      body: `{"${key}":[${manyFaults}]}`,
    })

    expect(reply.status).toBe(400)
    expect(reply.body.errors.length).toBeLessThanOrEqual(100)
    expect(JSON.stringify(reply.body).length).toBeLessThan(100_000)
  })

  test('an API key is in no log and in no answer', async () => {
    const replies = [
      await server.call('POST', '/v1/approvals', { json: everything }),
      await server.call('GET', '/v1/approvals', { key: keys.unknown }),
    ]
    server.desk.state.away = true
    replies.push(await server.call('GET', '/v1/approvals'))

    const said = JSON.stringify([replies, server.logged])
    expect(server.logged).not.toEqual([])
    for (const key of Object.values(keys)) expect(said).not.toContain(key)
  })
})

describe('Idempotency-Key', () => {
  const first = { 'Idempotency-Key': 'order-1881' }

  test('the same key and body give the same approval, as it is now', async () => {
    const opened = await server.open({ metadata: { a: '1', b: '2' } }, first)
    await server.desk.vote(opened.body.id, 'approve')

    const again = await server.call('POST', '/v1/approvals', {
      headers: { ...first, 'Content-Type': 'application/json' },
      body: '{ "metadata": {"b": "\\u0032", "a": "1"}, "action": {"tool": "stripe.refund"} }',
    })

    expect(opened.headers.get('idempotent-replayed')).toBeNull()
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.headers.get('location')).toBeNull()
    expect(again.body).toMatchObject({ id: opened.body.id, status: 'approved' })
    expect(server.desk.stored()).toBe(1)
  })

  test('another body is refused', async () => {
    await server.open({ risk: 'low' }, first)

    // The default written out is another body: what was sent is compared, and not what it means today.
    const other = await server.open({ risk: 'low', links: [] }, first)

    expect(other.status).toBe(409)
    expect(other.body.type).toBe('urn:countersign:problem:idempotency-key-reused')
    expect(server.desk.stored()).toBe(1)
  })

  test('each agent has its own keys, and without one nothing is the same', async () => {
    const json = { action: { tool: 't' } }

    const replies = [
      await server.call('POST', '/v1/approvals', { json, headers: first }),
      await server.call('POST', '/v1/approvals', { json, headers: first, key: keys.other }),
      await server.call('POST', '/v1/approvals', { json }),
      await server.call('POST', '/v1/approvals', { json }),
    ]

    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(4)
  })
})
