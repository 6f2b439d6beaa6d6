import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { approvalSchema, problemSchema } from '../../src/intake/approval-schema.ts'
import { startServer, type Reply } from './agents-server.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

/** An approval, or a problem that says what was wrong, and nothing logged as a defect. */
function expectAnswered(reply: Reply, ...possible: number[]) {
  expect(server.defects()).toEqual([])
  expect(possible).toContain(reply.status)
  if (reply.status < 300) return
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
  expect(problemSchema.safeParse(reply.body).error).toBeUndefined()
  expect(reply.body.status).toBe(reply.status)
  if (reply.status === 400) expect(reply.body.errors.length).toBeGreaterThan(0)
}

const headers = { 'Content-Type': 'application/json' }
const runs = { numRuns: 200 }

describe('whatever is sent, the answer is an approval or a problem', () => {
  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        expectAnswered(await server.call('POST', '/v1/approvals', { headers, body }), 400)
      }),
      runs,
    )
  })

  test('any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ noUnicodeString: false }), async (body) => {
        expectAnswered(await server.call('POST', '/v1/approvals', { headers, body }), 400)
      }),
      runs,
    )
  })

  test('any value in any field', async () => {
    const field = (...sensible: unknown[]) =>
      fc.oneof(fc.constantFrom(...sensible), fc.jsonValue({ noUnicodeString: false }))
    const action = fc.record(
      { tool: field('a.b'), arguments: field({ a: 1 }), summary: field('x'), justification: field('x') },
      { requiredKeys: ['tool'] },
    )
    const request = fc.record(
      {
        action: fc.oneof({ weight: 9, arbitrary: action }, { weight: 1, arbitrary: fc.jsonValue() }),
        risk: field('low'),
        environment: field('staging'),
        run_id: field('run_1'),
        on_behalf_of: field('U_ALICE'),
        subject: field({ type: 'order', id: '1' }),
        links: field([{ title: 'x', url: 'https://example.com' }]),
        metadata: field({ a: 'b' }),
        allowed_decisions: field(['approve']),
        arguments_schema: field({ type: 'object' }),
        before: field({}),
        expires_in: field('5m', 60),
        callback: field({ url: 'https://example.com' }),
        state: fc.jsonValue({ noUnicodeString: false }),
        retry_of: field('apr_1'),
      },
      { requiredKeys: ['action'] },
    )
    await fc.assert(
      fc.asyncProperty(request, async (json) => {
        const reply = await server.call('POST', '/v1/approvals', { json })
        // What would become of it is said of just what can be asked, and refused with the same words.
        const preview = await server.call('POST', '/v1/approvals/preview', { json })
        expect([preview.status, preview.body.errors]).toEqual([
          reply.status === 201 ? 200 : reply.status,
          reply.body.errors,
        ])
        expectAnswered(reply, 201, 400)
        if (reply.status === 201) expect(approvalSchema.safeParse(reply.body).error).toBeUndefined()
      }),
      runs,
    )
  })

  test('any arguments are taken and given back as they are, or refused where they lie', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false })),
        async (dictionary) => {
          const sent = JSON.stringify({ action: { tool: 't', arguments: dictionary } })
          const reply = await server.call('POST', '/v1/approvals', { headers, body: sent })
          expectAnswered(reply, 201, 400)
          if (reply.status === 400) {
            for (const { pointer } of reply.body.errors) expect(pointer).toMatch(/^\/action\/arguments\//)
            return
          }
          taken++
          expect(JSON.stringify(reply.body.action.arguments)).toBe(
            JSON.stringify(JSON.parse(sent).action.arguments),
          )
        },
      ),
      runs,
    )
    expect(taken).toBeGreaterThan(0)
  })

  test('any value in any field of a permit, an outcome and a run', async () => {
    const field = (...sensible: unknown[]) =>
      fc.oneof(fc.constantFrom(...sensible), fc.jsonValue({ noUnicodeString: false }))
    const asked = await server.open()
    await server.desk.vote(asked.body.id, 'approve')
    const approval = await server.call('GET', `/v1/approvals/${asked.body.id}`)
    const cost = field({ amount: '0.42', currency: 'USD' }, { amount: '', currency: 'USD' })
    const tokens = field({ input: 1, output: 2 }, { input: -1, output: 1e300 })
    const count = field(1, 0, -1, 1.5, 1e300)
    const time = field('2026-03-02T10:00:00Z', '9999-12-31T23:59:59Z')
    const consume = fc.record({
      permit: field(approval.body.permit, 'a.b.c', `${approval.body.permit}A`),
      action: field(approval.body.action, { tool: 'stripe.refund' }, { tool: 'other' }),
      execution_id: field('exec_1', 'exec_2'),
    })
    const outcome = fc.record(
      { status: field('failed'), error: field('x'), attempts: count, duration_ms: count, cost, tokens },
      { requiredKeys: ['status'] },
    )
    const run = fc.record(
      {
        status: field('running'),
        cost,
        tokens,
        tool_calls: count,
        tool_errors: count,
        started_at: time,
        ended_at: time,
      },
      { requiredKeys: ['status'] },
    )
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map(encodeURIComponent)
    await fc.assert(
      fc.asyncProperty(consume, outcome, run, name, async (asks, reports, runs, run_id) => {
        const { id } = asked.body
        expectAnswered(await server.call('POST', '/v1/permits/consume', { json: asks }), 200, 400, 409, 422)
        expectAnswered(
          await server.call('POST', `/v1/approvals/${id}/outcome`, { json: reports }),
          200,
          400,
          409,
        )
        expectAnswered(await server.call('PUT', `/v1/runs/${run_id}`, { json: runs }), 200, 400, 404)
      }),
      { numRuns: 200 },
    )
    const fresh = await server.call('GET', `/v1/approvals/${asked.body.id}`)
    expect(approvalSchema.safeParse(fresh.body).error).toBeUndefined()
  })

  test('any address below /v1', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'approvals',
        'apr_1',
        'cancel',
        'outcome',
        'permits',
        'consume',
        'runs',
        '%',
        '%00',
        '%ff',
        '..',
        '%2e%2e',
        '%2F',
        '',
      ),
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text)),
    )
    const query = fc.webQueryParameters().map((text) => (text === '' ? '' : `?${text}`))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'),
        fc.array(segment, { maxLength: 3 }),
        query,
        async (method, path, tail) => {
          const target = ['', 'v1', ...path].join('/') + tail
          // Dots are resolved before they are sent, and may lead out of /v1, where this router answers nothing.
          fc.pre(new URL(target, server.url).pathname.startsWith('/v1/'))
          expectAnswered(await server.call(method, target), 200, 204, 400, 404, 405)
        },
      ),
      runs,
    )
  })

  test('any headers', async () => {
    // What fetch agrees to send; what it does not is in the table of bad requests or on a bare socket.
    const character = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff }))
    const text = fc.string({ unit: character.map((code) => String.fromCharCode(code)), maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, text, text, async (key, type, authorization) => {
        const json = { 'Content-Type': 'application/json', 'Idempotency-Key': key }
        const keyed = await server.call('POST', '/v1/approvals', {
          headers: json,
          body: '{"action":{"tool":"t"}}',
        })
        expectAnswered(keyed, 200, 201, 400)
        expectAnswered(
          await server.call('POST', '/v1/approvals', { headers: { 'Content-Type': type }, body: '{' }),
          415,
          400,
        )
        expectAnswered(
          await server.call('GET', '/v1/approvals', { key: null, headers: { Authorization: authorization } }),
          401,
        )
      }),
      runs,
    )
  })
})
