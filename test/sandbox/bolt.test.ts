import { Server } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { app_token, bot_token, button, plain, reasonModal, setting, signing_secret } from './setting.ts'
import type { Setting } from './setting.ts'

let closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  closing = []
})

/** A real Bolt app in the sandbox, over HTTP or Socket Mode. */
async function boltApp(mode: 'HTTP' | 'Socket Mode'): Promise<{ desk: Setting; app: App }> {
  let app_url: string | null = null
  const desk = await setting({ app_url: () => app_url })
  const clientOptions = { slackApiUrl: desk.api_url }
  const logLevel = LogLevel.ERROR
  const app =
    mode === 'HTTP'
      ? new App({ token: bot_token, signingSecret: signing_secret, clientOptions, logLevel })
      : new App({
          token: bot_token,
          clientOptions,
          logLevel,
          receiver: new SocketModeReceiver({
            appToken: app_token,
            installerOptions: { clientOptions },
            logLevel,
          }),
        })
  closing.push(desk.close, () => app.stop())
  const server: unknown = await app.start(0)
  if (server instanceof Server) {
    const address = server.address()
    app_url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/slack/events`
  }
  return { desk, app }
}

describe.each(['HTTP', 'Socket Mode'] as const)('a Bolt app over %s', (mode) => {
  test('posts a card, opens a modal on a click, refuses a submission, takes the next and answers privately', async () => {
    const { desk, app } = await boltApp(mode)
    const { sandbox } = desk
    app.action('reject', async ({ ack, body, client }) => {
      await ack()
      const trigger_id = 'trigger_id' in body ? body.trigger_id : ''
      await client.views.open({ trigger_id, view: reasonModal({ private_metadata: 'card 1' }) })
    })
    app.view('reason', async ({ ack, view, body, client }) => {
      const words = view.state.values['why']?.['words']?.value ?? ''
      if (words === 'because') return await ack({ response_action: 'errors', errors: { why: 'Say more.' } })
      await ack()
      await client.chat.postEphemeral({
        channel: 'C_FINANCE',
        user: body.user.id,
        text: `${view.private_metadata}: ${words}`,
      })
    })

    const { ts = '' } = await app.client.chat.postMessage({
      channel: 'C_FINANCE',
      text: 'A card',
      blocks: button('reject'),
    })
    const click = { do: 'click', as: 'U_BOB', channel: 'C_FINANCE', ts, action_id: 'reject' } as const
    expect(await sandbox.act(click)).toEqual({ ok: true, status: 200 })

    const modal = await sandbox.until(({ modals }) => modals.find(({ user }) => user === 'U_BOB'))
    const answer = (value: string) => ({ why: { words: { value } } })
    const submit = { do: 'submit', as: 'U_BOB', view_id: modal.id } as const
    expect(await sandbox.act({ ...submit, values: answer('because') })).toEqual({
      ok: true,
      status: 200,
      errors: { why: 'Say more.' },
    })
    expect(sandbox.snapshot().modals[0]?.errors).toEqual({ why: 'Say more.' })
    expect(await sandbox.act({ ...submit, values: answer('it is twice') })).toEqual({ ok: true, status: 200 })

    const said = await sandbox.until(({ messages }) =>
      messages.find(({ visible_to }) => visible_to === 'U_BOB'),
    )
    expect(said).toMatchObject({ text: 'card 1: it is twice', user: 'U_COUNTERSIGN', channel: 'C_FINANCE' })
    expect(sandbox.snapshot().modals).toEqual([])
    expect(sandbox.snapshot().complaints).toEqual([])
  })

  test('takes slash commands, answers them with blocks, and goes on over the response_url', async () => {
    const { desk, app } = await boltApp(mode)
    app.command('/countersign', async ({ ack, command, respond }) => {
      await ack({ text: `You said ${command.text}`, blocks: [{ type: 'divider' }] })
      await respond({ response_type: 'in_channel', text: `${command.user_name} in ${command.channel_name}` })
    })

    const command = { do: 'command', channel: 'C_FINANCE', command: '/countersign' } as const
    await desk.sandbox.act({ ...command, as: 'U_BOB', text: 'when a < b & c <@U_CAROL>' })

    await desk.sandbox.until(({ messages }) => messages.length === 2)
    const [first, second] = desk.sandbox.snapshot().messages
    expect(first).toMatchObject({ text: 'You said when a &lt; b &amp; c <@U_CAROL>', visible_to: 'U_BOB' })
    expect(first?.blocks).toEqual([{ type: 'divider', block_id: expect.any(String) }])
    expect(second).toMatchObject({ text: 'bob in finance-approvals', visible_to: null })
  })

  test('hears of direct messages and of its Home, publishes it and is clicked there', async () => {
    const { desk, app } = await boltApp(mode)
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: button('refresh') } })
    })
    app.message(async ({ message, say }) => {
      if ('text' in message) await say(`echo ${message.text}`)
    })
    app.action('refresh', async ({ ack, body, client }) => {
      await ack()
      const header = { type: 'header' as const, text: plain('Fresh') }
      await client.views.publish({ user_id: body.user.id, view: { type: 'home', blocks: [header] } })
    })

    await desk.sandbox.act({ do: 'open_home', as: 'U_CAROL' })
    await desk.sandbox.until(({ homes }) => homes.find(({ user }) => user === 'U_CAROL'))
    await desk.sandbox.act({ do: 'click_in_home', as: 'U_CAROL', action_id: 'refresh' })
    await desk.sandbox.until(({ homes }) => JSON.stringify(homes).includes('Fresh'))

    const im = desk.sandbox.snapshot().channels.find(({ is_im }) => is_im)
    await desk.sandbox.act({ do: 'say', as: 'U_CAROL', channel: im?.id ?? '', text: 'hello' })
    await desk.sandbox.until(({ messages }) => messages.some(({ text }) => text === 'echo hello'))
  })
})

test('a Socket Mode app that is told to come again does, and goes on hearing', async () => {
  const { desk, app } = await boltApp('Socket Mode')
  app.command('/countersign', async ({ ack, command }) => await ack(command.text))
  const opened = () => desk.sandbox.calls('apps.connections.open').length
  expect(opened()).toBe(1)

  const command = { do: 'command', as: 'U_BOB', channel: 'C_FINANCE', command: '/countersign' } as const
  expect(await desk.sandbox.act({ ...command, text: 'one' })).toMatchObject({ ok: true })
  desk.sandbox.refreshSockets()
  const refused = await desk.sandbox.act({ ...command, text: 'two' })
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('dispatch_failed') })
  await app.stop()
  await app.start()
  expect(opened()).toBe(2)
  expect(await desk.sandbox.act({ ...command, text: 'three' })).toMatchObject({ ok: true })
})
