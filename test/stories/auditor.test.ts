import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client } from 'pg'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// What should never happen is made to happen by hand, in the database.

let desk: Desk
let agent: TestAgent
let client: Client
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('audited-bot')
  client = new Client({ connectionString: desk.database_url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await desk.close()
})

const found = async (id: string) =>
  (await desk.audit(id)).flatMap((event) => (event.type === 'auditor.repaired' ? [event.data.found] : []))

/** Rounds come every minute, and look at what is two minutes late. */
async function rounds() {
  for (let minute = 0; minute < 4; minute++) await desk.advance('1m')
}

test('a lost timer: the approval ends all the same', async () => {
  const asked = await agent.ask({ tool: 'deploy' }, { expires_in: '10m' })
  await desk.settle()
  await client.query(`delete from job where kind = 'timer'`)
  await desk.advance('10m')
  await rounds()
  expect((await agent.get(asked.id)).status).toBe('expired')
  expect(await found(asked.id)).toEqual(['overdue_step'])
})

test('a card that was never posted is posted', async () => {
  const fault = desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'chat.postMessage' })
  const asked = await agent.ask({ tool: 'deploy' })
  await desk.settle()
  await client.query(`delete from job where kind = 'card'`)
  desk.slack.sandbox.clearFaults(fault)
  await rounds()
  expect((await desk.card(asked.id)).channel).toBe('C_PLATFORM')
  expect(await found(asked.id)).toEqual(['missing_card'])
})

test('a later stage’s card that was never posted is posted', async () => {
  const asked = await agent.ask({ tool: 'prod.migrate' })
  const first = await desk.card(asked.id)
  const fault = desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'chat.postMessage' })
  await desk.click('U_CAROL', 'approve', first)
  await desk.settle()
  await client.query(`delete from job where kind = 'card'`)
  desk.slack.sandbox.clearFaults(fault)
  await rounds()
  expect((await desk.card(asked.id, 1)).channel).toBe('C_FINANCE')
  expect(await found(asked.id)).toEqual(['missing_card'])
})

test('a callback that no job tries is tried, and one that is not there is made', async () => {
  const lost = await agent.ask({ tool: 'deploy' }, { callback: { url: desk.receiver.url } })
  desk.receiver.answer((res) => void res.writeHead(500).end())
  await desk.click('U_CAROL', 'approve', await desk.card(lost.id))
  await desk.settle()
  await client.query(`delete from job where kind = 'callback'`)
  desk.receiver.answer((res) => void res.end())
  await rounds()
  expect((await agent.get(lost.id)).callback.status).toBe('delivered')
  expect(await found(lost.id)).toEqual(['idle_callback'])

  await client.query('delete from callback where approval_id = $1', [lost.id])
  const before = desk.receiver.received.length
  await rounds()
  expect(desk.receiver.received.slice(before).map(({ body }) => body)).toEqual([
    expect.stringContaining(lost.id),
  ])
})

test('what goes well is left alone, and the count can be read', async () => {
  const asked = await agent.ask({ tool: 'deploy' }, { callback: { url: desk.receiver.url } })
  await rounds()
  await desk.click('U_CAROL', 'approve', await desk.card(asked.id))
  await rounds()
  expect(await found(asked.id)).toEqual([])
  expect(await (await fetch(`${desk.app.url}/readyz`)).json()).toEqual({
    status: 'ready',
    auditor: { repaired: 5 },
  })
})
