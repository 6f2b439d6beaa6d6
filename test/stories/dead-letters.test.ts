import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Client } from 'pg'
import type { DeadJob } from '../../src/admin/dead-jobs.ts'
import { createAgent, type TestAgent } from '../desk/agent.ts'
import { askToBeDenied } from '../desk/callbacks.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeEach(async () => {
  desk = await openDesk()
  agent = await desk.agent('unsigned-bot')
})
afterEach(() => desk.close())

async function inDatabase(text: string): Promise<Record<string, string>[]> {
  const client = new Client({ connectionString: desk.database_url })
  await client.connect()
  const { rows } = await client.query<Record<string, string>>(text)
  await client.end()
  return rows
}

const dead = async () => (await commandLine(desk, 'jobs', 'dead', '--json')).json as DeadJob[]

/** Callbacks that nothing can sign: their jobs throw until they are given up. */
async function unsigned(count: number): Promise<string[]> {
  await inDatabase('delete from callback_secret')
  const ids: string[] = []
  for (let i = 0; i < count; i++) ids.push(await askToBeDenied(agent, desk.receiver.url))
  for (let guard = 0; guard < 400 && (await dead()).length < count; guard++) await desk.advance('6m')
  expect(await dead()).toHaveLength(count)
  return ids
}

test('a job that was given up stays, says why, and does its work when it is run again', async () => {
  const [id = ''] = await unsigned(1)
  const [job] = await dead()
  expect(job).toMatchObject({ kind: 'callback', last_error: expect.stringContaining('no secret') })
  expect((await commandLine(desk, 'jobs', 'dead')).lines).toEqual([
    expect.stringMatching(
      /^\d+ {2}callback \{"callback_id":"msg_.*given up 2026-.* after \d+ tries: no secret/,
    ),
  ])
  expect((await agent.get(id)).callback).toEqual({ status: 'pending', attempts: 0 })

  // What was wrong is mended, and it is run again.
  const renewed = await desk.app.ground.admin.rotateAgent(
    { name: agent.name, overlap: null },
    { type: 'operator' },
  )
  if ('refused' in renewed) throw new Error(renewed.refused)
  expect(await commandLine(desk, 'jobs', 'retry', String(job?.id))).toMatchObject({
    code: 0,
    lines: [`Job ${job?.id} (callback) is queued again.`],
  })
  await desk.settle()
  expect((await createAgent(desk.app.url, renewed).get(id)).callback).toEqual({
    status: 'delivered',
    attempts: 1,
  })
  expect(await dead()).toEqual([])
  const events = await inDatabase(`select body from event where type = 'job.retried'`)
  expect(events.map(({ body }) => JSON.parse(body ?? '') as unknown)).toMatchObject([
    { actor: { type: 'operator' }, data: { job_id: job?.id, kind: 'callback' } },
  ])
})

test('all of them at once; those that fail again have all their tries again', async () => {
  await unsigned(3)
  expect((await commandLine(desk, 'jobs', 'retry', 'all')).lines).toHaveLength(3)
  await desk.settle()
  expect(await dead()).toEqual([])
  await desk.advance('6m')
  expect(await dead()).toEqual([])
  expect(await inDatabase(`select body from event where type = 'job.retried'`)).toHaveLength(3)
})

test('a job that was not given up is left alone', async () => {
  desk.receiver.answer((res) => void res.writeHead(500).end())
  const id = await askToBeDenied(agent, desk.receiver.url)
  await desk.settle()
  const [waiting] = await inDatabase(`select id::text from job where kind = 'callback'`)
  expect(await commandLine(desk, 'jobs', 'retry', String(waiting?.id))).toMatchObject({
    code: 1,
    lines: [`No job ${waiting?.id} was given up`],
  })
  for (const word of ['none', '0', '-1', '1e3', '99999999999999999999'])
    expect(await commandLine(desk, 'jobs', 'retry', '--', word)).toMatchObject({ code: 1 })
  await desk.settle()
  expect(desk.receiver.received).toHaveLength(1)
  expect((await agent.get(id)).callback.attempts).toBe(1)
  expect((await commandLine(desk, 'jobs', 'retry', 'all')).lines).toEqual(['No job was given up.'])
})
