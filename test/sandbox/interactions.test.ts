import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { button, movedClock, plain, plainApp, reasonModal, setting } from './setting.ts'
import type { Answering, MovedClock, PlainApp, Setting } from './setting.ts'

let clock: MovedClock
let answer: Answering
let app: PlainApp
let desk: Setting

beforeEach(async () => {
  clock = movedClock()
  answer = (_, res) => res.end()
  app = await plainApp((received, res) => answer(received, res))
  desk = await setting({ clock, app_url: () => app.url })
})

afterEach(async () => {
  await desk.close()
  await app.close()
})

async function card(blocks: Record<string, unknown>[] = button('open'), more: Record<string, unknown> = {}) {
  const { ts } = await desk.call('chat.postMessage', {
    channel: 'C_FINANCE',
    text: 'A card',
    blocks,
    ...more,
  })
  return String(ts)
}

const click = (ts: string, as = 'U_BOB', more: Record<string, unknown> = {}) =>
  desk.sandbox.act({ do: 'click', as, channel: 'C_FINANCE', ts, action_id: 'open', ...more })

const json =
  (body: unknown): Answering =>
  (_, res) => {
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify(body))
  }

describe('a click', () => {
  test('is sent with all that Slack sends', async () => {
    const metadata = { event_type: 'card', event_payload: { id: 'apr_1' } }
    const ts = await card(button('open', { value: 'apr_1', style: 'primary' }), { metadata })
    expect(await click(ts)).toEqual({ ok: true, status: 200 })

    const { payload, headers } = await app.next()
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(payload).toEqual({
      type: 'block_actions',
      team: { id: 'T_ACME', domain: 'acme' },
      user: { id: 'U_BOB', username: 'bob', name: 'bob', team_id: 'T_ACME' },
      api_app_id: 'A_COUNTERSIGN',
      token: expect.any(String),
      enterprise: null,
      is_enterprise_install: false,
      container: { type: 'message', message_ts: ts, channel_id: 'C_FINANCE', is_ephemeral: false },
      trigger_id: expect.any(String),
      channel: { id: 'C_FINANCE', name: 'finance-approvals' },
      message: expect.objectContaining({ ts, text: 'A card', user: 'U_COUNTERSIGN', metadata }),
      state: { values: {} },
      response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/sandbox\/response\/\w+$/),
      actions: [
        {
          type: 'button',
          action_id: 'open',
          block_id: 'row',
          text: plain('Press'),
          value: 'apr_1',
          style: 'primary',
          action_ts: expect.any(String),
        },
      ],
    })
  })

  test('on a private answer tells nothing of the message', async () => {
    const { message_ts } = await desk.call('chat.postEphemeral', {
      channel: 'C_FINANCE',
      user: 'U_BOB',
      text: 'x',
      blocks: button('open'),
    })
    await click(String(message_ts))
    const { payload } = await app.next()
    expect(payload['container']).toMatchObject({ is_ephemeral: true, message_ts })
    expect(payload).not.toHaveProperty('message')
  })

  test('by somebody of another workspace carries their team', async () => {
    desk.sandbox.edit.makeStranger('U_BOB', 'T_OTHER')
    await click(await card())
    const { payload } = await app.next()
    expect(payload).toMatchObject({ user: { id: 'U_BOB', team_id: 'T_OTHER' }, team: { id: 'T_OTHER' } })
  })

  test('on a menu sends the choice, and later clicks send it as state', async () => {
    const options = ['a', 'b'].map((value) => ({ text: plain(value), value }))
    const menu = { type: 'static_select', action_id: 'menu', options, initial_option: options[0] }
    const ts = await card([{ type: 'actions', block_id: 'menus', elements: [menu] }, ...button('open')])
    const choose = { action_id: 'menu', value: { selected_option: options[1] } }
    await click(ts, 'U_BOB', choose)
    expect((await app.next()).payload['actions']).toMatchObject([{ selected_option: options[1] }])
    await click(ts)
    expect((await app.next()).payload['state']).toEqual({
      values: { menus: { menu: { type: 'static_select', selected_option: options[1] } } },
    })
    await click(ts, 'U_ERIN')
    expect((await app.next()).payload['state']).toMatchObject({
      values: { menus: { menu: { selected_option: options[0] } } },
    })
    const made = { selected_option: { text: plain('c'), value: 'c' } }
    expect(await click(ts, 'U_BOB', { action_id: 'menu', value: made })).toMatchObject({ ok: false })
  })

  test('of who cannot see or use the element is never sent', async () => {
    const ts = await card()
    const { message_ts } = await desk.call('chat.postEphemeral', {
      channel: 'C_FINANCE',
      user: 'U_ERIN',
      text: 'x',
      blocks: button('open'),
    })
    desk.sandbox.edit.deactivate('U_FRANK')
    const tried = [
      await click(ts, 'U_NOBODY'),
      await click(ts, 'U_COUNTERSIGN'),
      await click(ts, 'U_FRANK'),
      await click('1.000001'),
      await click(ts, 'U_BOB', { action_id: 'another' }),
      await click(ts, 'U_BOB', { block_id: 'another' }),
      await click(String(message_ts), 'U_BOB'),
    ]
    desk.sandbox.edit.setMembers('C_FINANCE', ['U_ERIN', 'U_COUNTERSIGN'])
    tried.push(await click(ts, 'U_BOB'))
    desk.sandbox.edit.archive('C_FINANCE')
    tried.push(await click(ts, 'U_ERIN'))
    for (const result of tried) expect(result).toEqual({ ok: false, error: expect.any(String) })
    expect(app.received).toEqual([])
  })
})

describe('a trigger', () => {
  test('opens a view for 3 seconds and not longer', async () => {
    const ts = await card()
    const openAfter = async (ms: number) => {
      await click(ts)
      const { trigger_id } = (await app.next()).payload
      await clock.advance(ms)
      return await desk.call('views.open', { trigger_id, view: reasonModal() })
    }
    expect(await openAfter(3000)).toMatchObject({ ok: true })
    expect(await openAfter(3001)).toMatchObject({ ok: false, error: 'expired_trigger_id' })
  })
})

describe('a response_url', () => {
  async function responseUrl(ts: string) {
    await click(ts)
    return String((await app.next()).payload['response_url'])
  }
  const respond = async (url: string, body: unknown) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    return [response.status, await response.text()]
  }

  test('takes five answers', async () => {
    const url = await responseUrl(await card())
    for (let use = 1; use <= 5; use += 1) expect(await respond(url, { text: `${use}` })).toEqual([200, 'ok'])
    expect(await respond(url, { text: '6' })).toEqual([404, '{"ok":false,"error":"used_url"}'])
    expect(desk.sandbox.snapshot().messages.filter(({ visible_to }) => visible_to === 'U_BOB')).toHaveLength(
      5,
    )
  })

  test('takes them for 30 minutes', async () => {
    const ts = await card()
    const [first, second] = [await responseUrl(ts), await responseUrl(ts)]
    await clock.advance(30 * 60_000)
    expect(await respond(first, { text: 'in time' })).toEqual([200, 'ok'])
    await clock.advance(1)
    expect(await respond(second, { text: 'late' })).toEqual([404, '{"ok":false,"error":"expired_url"}'])
    expect(await respond(`${second}0`, { text: 'x' })).toEqual([404, '{"ok":false,"error":"invalid_url"}'])
  })

  test('shows an answer to one or to all, replaces the card or takes it away', async () => {
    const ts = await card()
    const url = await responseUrl(ts)
    await respond(url, { text: 'you' })
    await respond(url, { text: 'all', response_type: 'in_channel' })
    await respond(url, { text: 'new', blocks: [{ type: 'divider' }], replace_original: true })
    const shown = desk.sandbox.snapshot().messages.map(({ text, visible_to }) => [text, visible_to])
    expect(shown).toEqual([
      ['new', null],
      ['you', 'U_BOB'],
      ['all', null],
    ])
    await respond(url, { delete_original: true })
    expect(desk.sandbox.message('C_FINANCE', ts)).toBeUndefined()
    expect(await respond(url, { text: 'x', replace_original: true })).toMatchObject([400, expect.any(String)])
  })

  test('refuses what the Web API would refuse', async () => {
    const url = await responseUrl(await card())
    expect(await respond(url, { text: '' })).toEqual([400, '{"ok":false,"error":"no_text"}'])
    expect(await respond(url, { blocks: [{ type: 'x' }] })).toMatchObject([
      400,
      expect.stringContaining('invalid_blocks'),
    ])
    expect(await respond(url, 'plain')).toEqual([200, 'ok'])
  })
})

describe('a modal', () => {
  async function opened(view: Record<string, unknown> = reasonModal()) {
    await click(await card())
    const { trigger_id } = (await app.next()).payload
    await desk.call('views.open', { trigger_id, view })
    return topmost()
  }
  const topmost = () => desk.sandbox.snapshot().modals.at(-1)?.id ?? ''
  const said = (value: string) => ({ why: { words: { value } } })
  const submit = (view_id: string, values = said('because')) =>
    desk.sandbox.act({ do: 'submit', as: 'U_BOB', view_id, values })

  test('is not sent before it is complete', async () => {
    const view_id = await opened()
    for (const [value, error] of [
      ['', 'Please complete this required field.'],
      ['no', 'Enter at least 3 characters.'],
      ['x'.repeat(21), 'Enter no more than 20 characters.'],
    ]) {
      expect(await submit(view_id, said(value ?? ''))).toEqual({ ok: false, errors: { why: error } })
    }
    expect(app.received).toHaveLength(1)
    expect(await submit(view_id)).toEqual({ ok: true, status: 200 })
    const { payload } = await app.next()
    expect(payload).toMatchObject({
      type: 'view_submission',
      user: { id: 'U_BOB' },
      trigger_id: expect.any(String),
      response_urls: [],
      view: {
        callback_id: 'reason',
        private_metadata: '',
        root_view_id: view_id,
        state: { values: { why: { words: { type: 'plain_text_input', value: 'because' } } } },
      },
    })
    expect(desk.sandbox.snapshot().modals).toEqual([])
  })

  test.each([
    [
      'number_input',
      { is_decimal_allowed: false, min_value: '1', max_value: '9' },
      ['x', '1.5', '0', '10'],
      '5',
    ],
    ['email_text_input', {}, ['nobody', 'a b@c.d'], 'bob@acme.example'],
    ['url_text_input', {}, ['acme'], 'https://acme.example'],
  ])('checks a %s as Slack’s form does', async (type, more, wrong, right) => {
    const element = { type, action_id: 'words', ...more }
    const blocks = [{ type: 'input', block_id: 'why', label: plain('Why?'), element }]
    const view_id = await opened(reasonModal({ blocks }))
    for (const value of wrong) expect(await submit(view_id, said(value))).toMatchObject({ ok: false })
    expect(await submit(view_id, said(right))).toMatchObject({ ok: true })
  })

  test.each([
    ['update', { response_action: 'update', view: reasonModal({ title: plain('Next') }) }, ['Next']],
    ['push', { response_action: 'push', view: reasonModal({ title: plain('Next') }) }, ['A reason', 'Next']],
    ['clear', { response_action: 'clear' }, []],
  ])('follows the app’s answer: %s', async (_, body, titles) => {
    const view_id = await opened()
    answer = json(body)
    expect(await submit(view_id)).toEqual({ ok: true, status: 200 })
    const shown = desk.sandbox.snapshot().modals.map(({ view }) => view['title'])
    expect(shown).toEqual(titles.map((title) => plain(title)))
  })

  test.each([
    ['an unknown action', { response_action: 'explode' }],
    ['errors for no input', { response_action: 'errors', errors: { elsewhere: 'x' } }],
    ['no errors', { response_action: 'errors', errors: {} }],
    ['a view that Slack refuses', { response_action: 'update', view: { type: 'modal' } }],
    ['something else', ['x']],
  ])('shows trouble and a complaint on an answer of %s', async (_, body) => {
    const view_id = await opened()
    answer = json(body)
    expect(await submit(view_id)).toMatchObject({ ok: false, error: expect.stringContaining('trouble') })
    expect(topmost()).toBe(view_id)
    expect(desk.sandbox.snapshot().complaints).toMatchObject([{ what: 'invalid_submission_answer' }])
  })

  test('tells of its closing only where it was asked to, and of what was typed when a button in it is used', async () => {
    const view_id = await opened()
    await desk.sandbox.act({ do: 'close', as: 'U_BOB', view_id })
    expect(app.received).toHaveLength(1)

    const input = reasonModal().blocks
    const view = reasonModal({ notify_on_close: true, blocks: [...input, ...button('check')] })
    const second = await opened(view)
    const check = { do: 'click_in_view', as: 'U_BOB', view_id: second, action_id: 'check' } as const
    await desk.sandbox.act({ ...check, values: said('typed') })
    const { payload } = await app.next()
    expect(payload).toMatchObject({
      container: { type: 'view', view_id: second },
      view: { state: { values: { why: { words: { value: 'typed' } } } } },
    })
    expect(payload).not.toHaveProperty('channel')
    expect(await desk.sandbox.act({ ...check, action_id: 'words' })).toMatchObject({ ok: false })
    await desk.sandbox.act({ do: 'close', as: 'U_BOB', view_id: second })
    expect((await app.next()).payload).toMatchObject({ type: 'view_closed', is_cleared: false })
  })

  test('belongs to one person, and only the topmost can be used', async () => {
    const below = await opened()
    answer = json({ response_action: 'push', view: reasonModal() })
    await submit(below)
    expect(await submit(below)).toMatchObject({ ok: false })
    const values = said('because')
    const foreign = await desk.sandbox.act({ do: 'submit', as: 'U_ERIN', view_id: topmost(), values })
    expect(foreign).toMatchObject({ ok: false })
    expect(app.received).toHaveLength(2)
  })
})

describe('an app that does not do its part', () => {
  const command = {
    do: 'command',
    as: 'U_BOB',
    channel: 'C_FINANCE',
    command: '/countersign',
    text: 'help',
  } as const

  test('and never answers: the person is told of the timeout, and it is complained of', async () => {
    const ts = await card()
    answer = () => undefined
    const [clicked, commanded] = await Promise.all([click(ts), desk.sandbox.act(command)])
    expect(clicked).toEqual({ ok: false, error: expect.stringContaining('timed out') })
    expect(commanded).toMatchObject({ ok: false, error: expect.stringContaining('operation_timeout') })
    expect(desk.sandbox.snapshot().complaints).toMatchObject([
      { what: 'not_acknowledged_in_3s', detail: expect.any(String) },
      { what: 'not_acknowledged_in_3s', detail: expect.any(String) },
    ])
    expect(app.received).toHaveLength(2)
  })

  test('and answers with an error', async () => {
    const ts = await card()
    answer = (_, res) => res.writeHead(500).end()
    expect(await click(ts)).toMatchObject({ ok: false, status: 500 })
    expect(await desk.sandbox.act(command)).toMatchObject({
      error: expect.stringContaining('dispatch_failed'),
    })
    expect(app.received).toHaveLength(2)
  })

  test('and is not there', async () => {
    const ts = await card()
    await app.close()
    expect(await click(ts)).toMatchObject({ ok: false })
    expect(desk.sandbox.snapshot().complaints).toMatchObject([{ what: 'not_acknowledged' }])
  })

  test('and answers a command with what cannot be shown', async () => {
    answer = json({ blocks: [{ type: 'curtain' }] })
    expect(await desk.sandbox.act(command)).toMatchObject({
      error: expect.stringContaining('invalid_command_response'),
    })
    expect(await desk.sandbox.act({ ...command, command: '/another' })).toEqual({
      ok: false,
      error: '/another is not a valid command.',
    })
  })
})
