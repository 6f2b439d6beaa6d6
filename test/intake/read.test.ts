import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { listSchema } from '../../src/intake/approval-schema.ts'
import { keys, startServer } from './agents-server.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())

describe('GET /v1/approvals/{id}?wait=', () => {
  test('a waiting agent is answered by the decision', async () => {
    const { body } = await server.open()
    const waiting = server.call('GET', `/v1/approvals/${body.id}?wait=25`)
    await server.desk.waiting(1)

    await server.desk.vote(body.id, 'approve')

    expect(await waiting).toMatchObject({
      status: 200,
      body: { status: 'approved', effective_action: { tool: 'stripe.refund', edited: false } },
    })
  })

  test('a wait that runs out changes nothing', async () => {
    const { body } = await server.open()
    const waiting = server.call('GET', `/v1/approvals/${body.id}?wait=25.5`)
    await server.desk.waiting(1)

    server.clock.move(25_499)
    await server.desk.waiting(1)
    server.clock.move(1)

    expect(await waiting).toMatchObject({ status: 200, body })
  })

  test.each(['', '?wait=0'])('%p answers at once', async (query) => {
    const { body } = await server.open()

    expect(await server.call('GET', `/v1/approvals/${body.id}${query}`)).toMatchObject({ status: 200, body })
  })

  test('what is decided is answered at once', async () => {
    const { body } = await server.open()
    await server.desk.vote(body.id, 'reject')

    const { body: read } = await server.call('GET', `/v1/approvals/${body.id}?wait=60`)

    expect(read).toMatchObject({
      status: 'rejected',
      decision: { by: { type: 'human', slack_user_id: 'U_CAROL' } },
    })
  })

  test('the wait ends when the agent hangs up', async () => {
    const { body } = await server.open()
    const hangUp = new AbortController()
    const waiting = server.call('GET', `/v1/approvals/${body.id}?wait=60`, { signal: hangUp.signal })
    await server.desk.waiting(1)

    hangUp.abort()

    await expect(waiting).rejects.toThrow('aborted')
    await server.desk.waiting(0)
    expect(server.defects()).toEqual([])
  })

  test("another agent's approval is answered like one that is not there", async () => {
    const { body } = await server.open()
    const missing = `${body.id.slice(0, -1)}${body.id.endsWith('0') ? '1' : '0'}`

    const foreign = await server.call('GET', `/v1/approvals/${body.id}?wait=5`, { key: keys.other })
    const nothing = await server.call('GET', `/v1/approvals/${missing}?wait=5`)

    expect(foreign.status).toBe(404)
    expect(foreign.body).toEqual(nothing.body)
  })

  test('HEAD answers without a body', async () => {
    const { body } = await server.open()

    expect(await server.call('HEAD', `/v1/approvals/${body.id}`)).toMatchObject({ status: 200, body: null })
  })
})

describe('GET /v1/approvals', () => {
  test("pages through this agent's approvals, newest first", async () => {
    const opened: string[] = []
    for (let i = 0; i < 5; i++) {
      opened.unshift((await server.open()).body.id)
      server.clock.move(1)
    }
    await server.call('POST', '/v1/approvals', { json: { action: { tool: 't' } }, key: keys.other })

    const pages: string[][] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { status, body } = await server.call('GET', `/v1/approvals?limit=2${query}`)
      expect(status).toBe(200)
      expect(listSchema.safeParse(body).error).toBeUndefined()
      pages.push(body.data.map(({ id }) => id))
      cursor = body.next_cursor
    }

    expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
    expect(pages.flat()).toEqual(opened)
  })

  test('filters by status and run', async () => {
    const { body: kept } = await server.open({ run_id: 'run 1 & 2 äß' })
    const { body: decided } = await server.open({ run_id: 'run 1 & 2 äß' })
    await server.open({ run_id: 'run_2' })
    await server.desk.vote(decided.id, 'approve')

    const { body } = await server.call(
      'GET',
      `/v1/approvals?status=pending&run_id=${encodeURIComponent('run 1 & 2 äß')}`,
    )

    expect(body).toMatchObject({ data: [{ id: kept.id }], next_cursor: null })
    expect(body.data).toHaveLength(1)
  })

  test('gives 20 where no limit is named', async () => {
    for (let i = 0; i < 21; i++) await server.open()

    const { body } = await server.call('GET', '/v1/approvals')

    expect(body.data).toHaveLength(20)
    expect(body.next_cursor).toMatch(/^[A-Za-z0-9_-]+$/)
  })
})
