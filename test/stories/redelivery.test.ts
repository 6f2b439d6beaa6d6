import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { askToBeDenied, lastTry, moveTo, triesOf } from '../desk/callbacks.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeEach(async () => {
  desk = await openDesk()
  agent = await desk.agent('failing-bot')
})
afterEach(() => desk.close())

/** A callback that its endpoint refused for good. */
async function givenUp(): Promise<string> {
  desk.receiver.answer((res) => void res.writeHead(410).end())
  const id = await askToBeDenied(agent, desk.receiver.url)
  await desk.settle()
  expect((await agent.get(id)).callback).toEqual({ status: 'failed', attempts: 1 })
  desk.receiver.answer((res) => void res.end())
  return id
}

const redeliveries = async (id: string) =>
  (await desk.audit(id)).filter((event) => event.type === 'callback.redelivered')

test('an admin has what failed sent again from Slack: the same id, the same bytes, and the audit says who', async () => {
  const id = await givenUp()

  const answer = await desk.command('U_ALICE', `redeliver ${id}`)
  expect(answer.text).toBe('1 callback was queued again.')
  await desk.settle()

  const [first, second] = desk.receiver.received
  expect(second?.body).toBe(first?.body)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect((await agent.get(id)).callback).toEqual({ status: 'delivered', attempts: 2 })
  expect(await redeliveries(id)).toMatchObject([
    {
      actor: { type: 'human', slack_user_id: 'U_ALICE' },
      data: { callback_type: 'approval.rejected', was: 'failed', attempts: 1 },
    },
  ])
  const story = (await commandLine(desk, 'audit', id)).lines.join('\n')
  expect(story).toMatch(/U_ALICE\) had the callback approval\.rejected, failed after 1 try, sent again/)
})

test('nobody but an admin can, or learns that it can be done', async () => {
  const id = await givenUp()
  expect((await desk.command('U_BOB', `redeliver ${id}`)).text).toContain('There is nothing called')
  await desk.settle()
  expect(desk.receiver.received).toHaveLength(1)
  expect(await redeliveries(id)).toEqual([])
})

test('its tries begin again at the start of the schedule, and are counted on', async () => {
  const id = await givenUp()
  desk.receiver.answer((res) => void res.writeHead(500).end())
  await commandLine(desk, 'redeliver', id)
  await desk.settle()
  for (const [attempt, wait] of [
    [2, 5_000],
    [3, 30_000],
  ] as const) {
    const { at, data } = await lastTry(desk, id)
    expect(data).toMatchObject({ attempt, outcome: 'retry' })
    const waited = new Date(data.next_at ?? '').getTime() - new Date(at).getTime()
    expect(waited).toBeGreaterThanOrEqual(wait * 0.8)
    expect(waited).toBeLessThanOrEqual(wait * 1.2)
    await moveTo(desk, data.next_at)
  }
  for (let guard = 0; guard < 5; guard++) await moveTo(desk, (await lastTry(desk, id)).data.next_at)
  expect((await agent.get(id)).callback).toEqual({ status: 'failed', attempts: 9 })
})

test('on the command line only what failed is sent again, and what was delivered where it is asked for', async () => {
  const id = await askToBeDenied(agent, desk.receiver.url)
  await desk.settle()

  const nothing = await commandLine(desk, 'redeliver', id, '--json')
  expect(nothing).toMatchObject({ code: 0, json: { approval_id: id, queued: 0, pending: 0, delivered: 1 } })
  expect((await commandLine(desk, 'redeliver', id)).lines).toEqual([
    'No callback was queued again; 1 delivered before.',
  ])
  await desk.settle()
  expect(desk.receiver.received).toHaveLength(1)
  expect(await redeliveries(id)).toEqual([])

  const all = await commandLine(desk, 'redeliver', id, '--all', '--json')
  expect(all).toMatchObject({ code: 0, json: { queued: 1, pending: 0, delivered: 0 } })
  await desk.settle()
  expect(desk.receiver.received).toHaveLength(2)
  expect(await redeliveries(id)).toMatchObject([{ actor: { type: 'operator' }, data: { was: 'delivered' } }])
})

test('what is still being tried keeps its own schedule', async () => {
  desk.receiver.answer((res) => void res.writeHead(500).end())
  const id = await askToBeDenied(agent, desk.receiver.url)
  await desk.settle()
  expect((await commandLine(desk, 'redeliver', id, '--all')).lines).toEqual([
    'No callback was queued again; 1 still on the way.',
  ])
  await desk.settle()
  expect(await triesOf(desk, id)).toHaveLength(1)
})

test('asked for five times at once, it is queued once', async () => {
  const id = await givenUp()
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => desk.app.ground.admin.redeliver(id, 'failed', { type: 'operator' })),
  )
  expect(answers.filter((answer) => 'queued' in answer && answer.queued === 1)).toHaveLength(1)
  expect(await redeliveries(id)).toHaveLength(1)
  await desk.settle()
  expect(await triesOf(desk, id)).toHaveLength(2)
})

test('a try that another process ends late undoes neither a delivery nor a redelivery', async () => {
  const { flow, admin } = desk.app.ground
  const late = {
    outcome: 'gone',
    status: 410,
    error: 'gone',
    address: null,
    duration_ms: 9,
    next_at: null,
  } as const
  const failed = { ...late, callback_status: 'failed' } as const
  const answer = (code: number) => desk.receiver.answer((res) => void res.writeHead(code).end())

  // given a try that has begun, in a process that is stuck since
  answer(500)
  const id = await askToBeDenied(agent, desk.receiver.url)
  await desk.settle()
  const { data } = await lastTry(desk, id)
  const stuck = await flow.dueCallback(data.callback_id)
  if (!stuck) throw new Error('the callback is not due')

  // when it ends after the callback was given up and queued again, then that stays
  answer(410)
  await moveTo(desk, data.next_at)
  answer(500)
  await admin.redeliver(id, 'failed', { type: 'operator' })
  await desk.settle()
  await flow.recordCallbackTry(stuck, failed)
  expect((await agent.get(id)).callback).toEqual({ status: 'pending', attempts: 4 })

  // and when it ends after the delivery, then that stays, too
  answer(200)
  await desk.advance('1m')
  await flow.recordCallbackTry(stuck, failed)
  expect((await agent.get(id)).callback).toEqual({ status: 'delivered', attempts: 6 })
})

test('a request that is not there, and one without callbacks, are told', async () => {
  const { id } = await agent.ask({ tool: 'read.orders' })
  expect((await commandLine(desk, 'redeliver', id)).lines).toEqual([
    'No callback was queued again: it has none.',
  ])
  const unknown = await commandLine(desk, 'redeliver', 'apr_nothing')
  expect(unknown).toMatchObject({ code: 1, lines: ['There is no request apr_nothing'] })
  expect((await desk.command('U_ALICE', 'redeliver apr_nothing')).text).toBe(
    'There is no request apr_nothing.',
  )
  expect((await desk.command('U_ALICE', 'redeliver')).text).toContain('Say which')
})
