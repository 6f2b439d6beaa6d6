import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { layGround, type Ground } from '../../src/ground.ts'
import type { Config } from '../../src/platform/config.ts'
import { readConfig } from '../../src/platform/config.ts'
import { createLog } from '../../src/platform/log.ts'
import { defaultSeed, listenSandbox, type ListeningSandbox } from '../../src/sandbox/index.ts'
import { createAgent } from '../desk/agent.ts'
import { startProcess, type AppProcess } from '../desk/process.ts'
import { openReceiver, type Receiver } from '../desk/receiver.ts'
import { openCable } from '../setup/cable.ts'
import { createDatabase } from '../setup/database.ts'

// Real processes and the machine's own time: what a `kill -9` leaves behind cannot be played.

let slack: ListeningSandbox
let receiver: Receiver
let database: Awaited<ReturnType<typeof createDatabase>>
let folder: string
let env: Record<string, string>
let app: AppProcess | undefined
let ground: Ground

beforeAll(async () => {
  const bot_token = 'xoxb-of-the-crash'
  const signing_secret = 'the signing secret of the crash'
  folder = await mkdtemp(join(tmpdir(), 'countersign-crash-'))
  database = await createDatabase()
  receiver = await openReceiver()
  slack = await listenSandbox({
    port: 0,
    workspace: defaultSeed,
    bot_token,
    signing_secret,
    app_url: () => (app ? `${app.url}/slack/events` : null),
  })
  env = {
    PORT: '0',
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    SLACK_BOT_TOKEN: bot_token,
    SLACK_SIGNING_SECRET: signing_secret,
    SLACK_API_URL: slack.api_url,
    CALLBACK_ALLOWED_HOSTS: '127.0.0.1',
  }
  const read = readConfig(env)
  if ('faults' in read) throw new Error(read.faults.join())
  const config: Config = read.config
  ground = await layGround(config, createLog('silent'))
  await ground.admin.installFirstPolicy('policy.yaml', createLog('silent'))
})

afterAll(async () => {
  await app?.kill('SIGTERM')
  await ground.close()
  await slack.close()
  await receiver.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function newAgent(name: string) {
  const asked = { name, owner: 'U_DAVE', environment: 'production' }
  const added = await ground.admin.addAgent(asked, { type: 'operator' })
  if ('refused' in added) throw new Error(added.refused)
  return added
}

test('killed between the click and the callback, and started again: the callback arrives, once decided', async () => {
  const added = await newAgent('survivor')
  app = await startProcess(env)
  const asked = await createAgent(app.url, added).ask(
    { tool: 'stripe.refund', arguments: { amount: 240 }, summary: 'Refund' },
    { callback: { url: receiver.url } },
  )
  const card = await slack.sandbox.until(({ messages }) =>
    messages.find((m) => m.metadata?.event_payload.approval_id === asked.id),
  )
  // The agent's server takes the callback and never answers: the process dies with the try under way.
  receiver.answer(() => undefined)
  expect(
    await slack.sandbox.act({
      do: 'click',
      as: 'U_BOB',
      channel: card.channel,
      ts: card.ts,
      action_id: 'approve',
    }),
  ).toMatchObject({ ok: true })
  const first = await receiver.nth(1)
  await app.kill('SIGKILL')

  receiver.answer((res) => void res.end())
  app = await startProcess(env)
  const second = await receiver.nth(2)
  expect(second.body).toBe(first.body)
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'])
  expect(
    new Webhook(added.callback_secret).verify(second.body, second.headers as Record<string, string>),
  ).toMatchObject({
    type: 'approval.approved',
    data: { id: asked.id },
  })
  await slack.sandbox.until(({ messages }) =>
    messages.some((m) => m.ts === card.ts && JSON.stringify(m).includes('Approved')),
  )
  const audit = await ground.audit.events(asked.id)
  expect(audit.filter((event) => event.type === 'approval.approved')).toHaveLength(1)
  expect(audit.filter((event) => event.type === 'vote.cast')).toHaveLength(1)
})

test('killed between a post that Slack took and its own note of it, and started again: there is one card', async () => {
  // Given that Slack's answer to the post never comes.
  const added = await newAgent('poster')
  const cable = await openCable(slack.api_url)
  await app?.kill('SIGKILL')
  app = await startProcess({ ...env, SLACK_API_URL: cable.url })
  cable.deafenAfter('chat.postMessage')
  const asked = await createAgent(app.url, added).ask({ tool: 'stripe.refund', arguments: { amount: 240 } })
  const cards = () =>
    slack.sandbox
      .snapshot()
      .messages.filter((message) => message.metadata?.event_payload.approval_id === asked.id)
  await slack.sandbox.until(() => cards()[0])
  const noted = async () =>
    (await ground.audit.events(asked.id)).flatMap((event) =>
      event.type === 'card.posted' ? event.data.ts : [],
    )
  expect(await noted()).toEqual([])

  // When the process dies, and another one takes over.
  await app.kill('SIGKILL')
  app = await startProcess(env)

  // Then it finds the card that is there.
  while ((await noted()).length === 0) await pause(50)
  expect(await noted()).toEqual(cards().map(({ ts }) => ts))
  expect(cards()).toHaveLength(1)
  await cable.close()
}, 60_000)
