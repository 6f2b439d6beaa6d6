import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { badRequests } from '../intake/bad-requests.ts'

// The table of the intake's own tests, against the whole product: what is refused leaves nothing behind.

let desk: Desk
let good: TestAgent
let disabled: TestAgent
let client: pg.Client

beforeAll(async () => {
  desk = await openDesk()
  good = await desk.agent('good-bot')
  disabled = await desk.agent('disabled-bot')
  client = new pg.Client({ connectionString: desk.database_url })
  await client.connect()
  await client.query(`update agent set disabled_at = now() where name = 'disabled-bot'`)
})
afterAll(async () => {
  await client.end()
  await desk.close()
})

async function stored(): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select (select count(*) from approval)::int + (select count(*) from job where key is null and kind <> 'seal')::int + (select count(*) from event where approval_id is not null)::int
        + (select count(*) from run)::int as count`,
  )
  return rows[0]!.count
}

describe('refused, with nothing stored', () => {
  test.each(badRequests)(
    '$name',
    async ({ method = 'POST', path = '/v1/approvals', key, headers, body, status, problem }) => {
      const api_key =
        key === 'disabled' ? disabled.api_key : key === 'unknown' ? `csk_${'x'.repeat(43)}` : good.api_key
      const authorization: Record<string, string> =
        key === 'none' ? {} : { authorization: `Bearer ${api_key}` }
      const response = await fetch(desk.app.url + path, {
        method,
        headers: { ...authorization, ...headers },
        ...(body === undefined ? {} : { body: body as string }),
      })
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ type: `urn:countersign:problem:${problem}`, status })
      expect(await stored()).toBe(0)
    },
  )

  test('a foreign agent’s approval is not there for others', async () => {
    const asked = await disabled.send('GET', '/v1/approvals/apr_00000000000000000000000000')
    expect(asked.status).toBe(403)
    const theirs = await good.ask({ tool: 'deploy' })
    const stranger = await desk.agent('stranger-bot')
    for (const [method, path] of [
      ['GET', `/v1/approvals/${theirs.id}`],
      ['POST', `/v1/approvals/${theirs.id}/cancel`],
    ] as const)
      expect((await stranger.send(method, path, method === 'POST' ? {} : undefined)).status).toBe(404)
    expect((await good.get(theirs.id)).status).toBe('pending')
  })

  test('a condition that fails on the request’s types never lets it through', async () => {
    const asked = await good.ask({ tool: 'stripe.refund', arguments: { amount: 'a lot' } })
    expect(asked).toMatchObject({
      status: 'pending',
      policy: { rule: 'big-refunds', effect: 'require_approval' },
    })
    const [requested] = await desk.audit(asked.id)
    expect(JSON.stringify(requested?.data)).toContain('big-refunds')
  })
})
