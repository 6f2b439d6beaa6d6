import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp } from '../../src/app.ts'
import { createLog } from '../../src/platform/log.ts'
import { readConfig } from '../../src/platform/config.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

test('a stop does not wait for what hangs, and a living replica takes it over', async () => {
  // Given a callback that the agent's server takes and does not answer.
  const agent = await desk.agent('told-bot')
  const hungUp = new Promise<string>((resolve) =>
    desk.receiver.answer((res) => void res.once('close', () => resolve('the callback was given up'))),
  )
  await agent.ask({ tool: 'read.orders' }, { callback: { url: desk.receiver.url } })
  const first = await desk.receiver.nth(1)

  // When its process is told to stop.
  const stopped = desk.app.stop(200).then(() => 'stopped')
  expect(await Promise.race([stopped, hungUp])).toBe('stopped')

  // Then another one delivers it.
  desk.receiver.answer((res) => void res.end())
  await desk.replica()
  while (desk.receiver.received.length < 2) {
    desk.clock.move(500)
    await pause(10)
  }
  const second = await desk.receiver.nth(2)
  expect(second.body).toBe(first.body)
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'])
})

test('a start that Slack refuses at its last step leaves nothing running', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-stop-'))
  const read = readConfig({
    PORT: '0',
    DATABASE_URL: desk.database_url,
    DATA_DIR: folder,
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    SLACK_BOT_TOKEN: 'xoxb-of-the-stories',
    SLACK_APP_TOKEN: 'xapp-of-somebody-else',
    SLACK_API_URL: desk.slack.api_url,
  })
  if ('faults' in read) throw new Error(read.faults.join())
  const connections = async () => {
    const text = `select application_name as name from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'countersign' order by 1`
    return (await desk.app.ground.database.pool.query<{ name: string }>(text)).rows.map(({ name }) => name)
  }
  const before = await connections()

  await expect(startApp(read.config, createLog('silent'))).rejects.toThrow('invalid_auth')

  expect(await connections()).toEqual(before)
  await rm(folder, { recursive: true, force: true })
})
