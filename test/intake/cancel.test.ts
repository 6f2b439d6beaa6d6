import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { keys, startServer } from './agents-server.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())

describe('POST /v1/approvals/{id}/cancel', () => {
  test('takes a pending request back, with the reason', async () => {
    const { body } = await server.open()

    const reply = await server.call('POST', `/v1/approvals/${body.id}/cancel`, {
      json: { reason: 'Refunded by hand' },
    })

    expect(reply).toMatchObject({
      status: 200,
      body: {
        status: 'cancelled',
        decision: { by: { type: 'agent', name: 'refund-bot' }, reason: 'Refunded by hand' },
      },
    })
  })

  test('needs no body, and the second time gives the same answer', async () => {
    const { body } = await server.open()

    const first = await server.call('POST', `/v1/approvals/${body.id}/cancel`)
    const second = await server.call('POST', `/v1/approvals/${body.id}/cancel`, {
      json: { reason: 'Too late to say' },
    })

    expect(first).toMatchObject({ status: 200, body: { status: 'cancelled', decision: { reason: null } } })
    expect(second).toMatchObject({ status: 200, body: first.body })
  })

  test('what is decided stays decided, and the refusal shows how', async () => {
    const { body } = await server.open()
    await server.desk.vote(body.id, 'approve')

    const reply = await server.call('POST', `/v1/approvals/${body.id}/cancel`)

    expect(reply.status).toBe(409)
    expect(reply.body).toMatchObject({
      type: 'urn:countersign:problem:already-decided',
      status: 409,
      approval: { id: body.id, status: 'approved', decision: { by: { slack_user_id: 'U_CAROL' } } },
    })
  })

  test("another agent's approval is not there, and stays pending", async () => {
    const { body } = await server.open()

    const foreign = await server.call('POST', `/v1/approvals/${body.id}/cancel`, { key: keys.other })

    expect(foreign.status).toBe(404)
    expect((await server.call('GET', `/v1/approvals/${body.id}`)).body.status).toBe('pending')
  })
})
