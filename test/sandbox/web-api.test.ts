import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { app_token, bot_token, button, plain, plainApp, reasonModal, setting } from './setting.ts'
import type { PlainApp, Setting } from './setting.ts'

let desk: Setting

beforeEach(async () => {
  desk = await setting()
})

afterEach(async () => {
  await desk.close()
})

const hello = { channel: 'C_FINANCE', text: 'Hello' }

describe('who calls', () => {
  const as = (token: string | null, method = 'auth.test') =>
    fetch(desk.api_url + method, {
      method: 'POST',
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    }).then((response) => response.json())

  test.each([
    [null, 'auth.test', { ok: false, error: 'not_authed' }],
    ['xoxb-another', 'auth.test', { ok: false, error: 'invalid_auth' }],
    [app_token, 'auth.test', { ok: false, error: 'not_allowed_token_type' }],
    [bot_token, 'apps.connections.open', { ok: false, error: 'not_allowed_token_type' }],
    [bot_token, 'chat.shout', { ok: false, error: 'unknown_method' }],
    [bot_token, 'toString', { ok: false, error: 'unknown_method' }],
  ])('token %s on %s', async (token, method, answer) => {
    expect(await as(token, method)).toEqual(answer)
  })

  test('the token is also taken from the form, and the granted scopes are told', async () => {
    const body = new URLSearchParams({ token: bot_token })
    const response = await fetch(`${desk.api_url}auth.test`, { method: 'POST', body })
    expect(await response.json()).toMatchObject({ ok: true, team_id: 'T_ACME', user_id: 'U_COUNTERSIGN' })
    expect(response.headers.get('x-oauth-scopes')).toContain('chat:write')
    expect((await desk.client.auth.test()).response_metadata?.scopes).toContain('chat:write')
  })

  test.each([
    ['chat.postMessage', hello, 'chat:write', 'chat:write'],
    ['usergroups.users.list', { usergroup: 'S_FINANCE' }, 'usergroups:read', 'usergroups:read'],
    ['conversations.history', { channel: 'C_FINANCE' }, 'channels:history', 'channels:history'],
    ['conversations.open', { users: 'U_BOB' }, 'im:write', 'im:write,mpim:write'],
  ])('%s without its scope', async (method, args, scope, needed) => {
    const { scopes } = (await desk.client.auth.test()).response_metadata ?? {}
    desk.sandbox.edit.setScopes((scopes ?? []).filter((each) => each !== scope))
    expect(await desk.call(method, args)).toMatchObject({ error: 'missing_scope', needed })
  })

  test('a private channel needs the scopes for private ones', async () => {
    desk.sandbox.edit.setPrivate('C_FINANCE')
    desk.sandbox.edit.setScopes(['channels:history'])
    expect(await desk.call('conversations.history', { channel: 'C_FINANCE' })).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:history',
    })
  })
})

describe('a body', () => {
  test.each([
    ['application/json', '{"channel":', 'invalid_json'],
    ['application/json', '[]', 'json_not_object'],
    ['text/csv', 'a,b', 'invalid_post_type'],
  ])('of %s: %s', async (type, body, error) => {
    const headers = { 'content-type': type, authorization: `Bearer ${bot_token}` }
    const response = await fetch(`${desk.api_url}auth.test`, { method: 'POST', headers, body })
    expect(await response.json()).toEqual({ ok: false, error })
  })

  test('with an argument that the method does not have', async () => {
    expect(await desk.call('chat.postMessage', { ...hello, chanel: 'C_DATA' })).toMatchObject({
      error: 'invalid_arguments',
      errors: [expect.stringContaining('chanel')],
    })
  })
})

describe('where a message cannot go', () => {
  const edit = () => desk.sandbox.edit

  test.each([
    ['an unknown channel', () => undefined, { ...hello, channel: 'C_NOWHERE' }, 'channel_not_found'],
    ['no channel', () => undefined, { text: 'Hello' }, 'channel_not_found'],
    ['an archived channel', () => edit().archive('C_FINANCE'), hello, 'is_archived'],
    ['a channel that the app is not in', () => edit().removeBot('C_FINANCE'), hello, 'not_in_channel'],
    [
      'a private channel that it is not in',
      () => {
        edit().removeBot('C_FINANCE')
        edit().setPrivate('C_FINANCE')
      },
      hello,
      'channel_not_found',
    ],
    ['a thread that is not there', () => undefined, { ...hello, thread_ts: '1.000001' }, 'thread_not_found'],
  ])('%s', async (_, change, args, error) => {
    change()
    expect(await desk.call('chat.postMessage', args)).toEqual({ ok: false, error })
    expect(desk.sandbox.snapshot().messages).toEqual([])
  })

  test('with chat:write.public, a public channel that the app is not in is open to it', async () => {
    edit().removeBot('C_FINANCE')
    edit().setScopes(['chat:write', 'chat:write.public'])
    expect(await desk.call('chat.postMessage', hello)).toMatchObject({ ok: true, channel: 'C_FINANCE' })
  })

  test('a private answer needs somebody who is in the channel', async () => {
    edit().setMembers('C_FINANCE', ['U_BOB', 'U_ERIN', 'U_COUNTERSIGN'])
    edit().deactivate('U_ERIN')
    const tell = (user: string) => desk.call('chat.postEphemeral', { ...hello, user })
    expect(await tell('U_DAVE')).toEqual({ ok: false, error: 'user_not_in_channel' })
    expect(await tell('U_ERIN')).toEqual({ ok: false, error: 'user_not_in_channel' })
    expect(await tell('U_NOBODY')).toEqual({ ok: false, error: 'user_not_in_channel' })
    expect(await tell('U_BOB')).toMatchObject({ ok: true, message_ts: expect.any(String) })
  })
})

describe('what a message cannot be', () => {
  test.each([
    [{ text: '' }, 'no_text'],
    [{ text: undefined, blocks: [] }, 'no_text'],
    [{ blocks: '[{' }, 'invalid_blocks_format'],
    [{ blocks: '{}' }, 'invalid_blocks_format'],
    [{ blocks: ['divider'] }, 'invalid_blocks_format'],
    [{ blocks: [{ type: 'curtain' }] }, 'invalid_blocks'],
    [{ metadata: 'x' }, 'invalid_metadata_format'],
    [{ metadata: { event_type: 'x' } }, 'invalid_metadata_format'],
    [{ metadata: { event_type: 1, event_payload: {} } }, 'invalid_metadata_format'],
    [{ metadata: { event_type: 'x', event_payload: {}, more: 1 } }, 'invalid_metadata_format'],
    [{ metadata: { event_type: 'x', event_payload: { a: null } } }, 'invalid_metadata_schema'],
    [{ metadata: { event_type: 'x', event_payload: { a: 'x'.repeat(8000) } } }, 'metadata_too_large'],
  ])('%j', async (part, error) => {
    expect(await desk.call('chat.postMessage', { ...hello, ...part })).toMatchObject({ ok: false, error })
  })

  test('the fault is named with its place, and shown as a complaint', async () => {
    const blocks = [{ type: 'divider' }, { type: 'header', text: { type: 'mrkdwn', text: 'x' }, size: 1 }]
    const errors = [
      'unsupported type: mrkdwn [json-pointer:/blocks/1/text/type]',
      'invalid additional property: size [json-pointer:/blocks/1]',
    ]
    expect(await desk.call('chat.postMessage', { ...hello, blocks })).toEqual({
      ok: false,
      error: 'invalid_blocks',
      errors,
      response_metadata: { messages: errors.map((each) => `[ERROR] ${each}`) },
    })
    expect(desk.sandbox.snapshot().complaints).toEqual([
      { at: expect.any(String), what: 'invalid_blocks', detail: `chat.postMessage: ${errors.join('; ')}` },
    ])
  })
})

describe('a posted message', () => {
  test('is stored as it was sent, with ids, and only its metadata needs asking for', async () => {
    const text = 'a &amp; b <@U_BOB> &lt;'
    const metadata = { event_type: 'card', event_payload: { id: 'apr_1' } }
    const { ts = '' } = await desk.client.chat.postMessage({
      ...hello,
      text,
      metadata,
      blocks: [{ type: 'divider' }],
    })

    expect(desk.sandbox.message('C_FINANCE', ts)).toMatchObject({ text, metadata, user: 'U_COUNTERSIGN' })
    const shown = await desk.client.conversations.history({ channel: 'C_FINANCE' })
    expect(shown.messages).toEqual([expect.objectContaining({ ts, text, bot_id: 'B_COUNTERSIGN' })])
    expect(shown.messages?.[0]).not.toHaveProperty('metadata')
    const whole = await desk.client.conversations.history({
      channel: 'C_FINANCE',
      include_all_metadata: true,
    })
    expect(whole.messages?.[0]).toMatchObject({
      metadata,
      blocks: [{ type: 'divider', block_id: expect.any(String) }],
    })
  })

  test('loses its blocks when it is updated with text alone, and keeps its metadata', async () => {
    const metadata = { event_type: 'card', event_payload: { id: 'apr_1' } }
    const { ts = '' } = await desk.client.chat.postMessage({ ...hello, metadata, blocks: button('approve') })
    await desk.client.chat.update({ channel: 'C_FINANCE', ts, text: 'Done' })
    expect(desk.sandbox.message('C_FINANCE', ts)).toMatchObject({ text: 'Done', blocks: [], metadata })
    await desk.call('chat.update', { channel: 'C_FINANCE', ts, text: 'Done', metadata: {} })
    expect(desk.sandbox.message('C_FINANCE', ts)).toMatchObject({ metadata: null })
  })

  test('cannot be updated or deleted where it is not the app’s, not there, private or frozen', async () => {
    await desk.sandbox.act({ do: 'say', as: 'U_BOB', channel: 'C_FINANCE', text: 'Mine' })
    const theirs = desk.sandbox.snapshot().messages[0]?.ts
    const { message_ts: whispered } = await desk.client.chat.postEphemeral({ ...hello, user: 'U_BOB' })
    const { ts: own } = await desk.client.chat.postMessage(hello)
    const update = (ts: unknown) => desk.call('chat.update', { ...hello, ts })
    expect(await update(theirs)).toEqual({ ok: false, error: 'cant_update_message' })
    expect(await update('1.000001')).toEqual({ ok: false, error: 'message_not_found' })
    expect(await update(whispered)).toEqual({ ok: false, error: 'message_not_found' })
    expect(await desk.call('chat.update', { ts: own, text: 'x', channel: 'C_NOWHERE' })).toEqual({
      ok: false,
      error: 'channel_not_found',
    })
    expect(await desk.call('chat.delete', { channel: 'C_FINANCE', ts: theirs })).toEqual({
      ok: false,
      error: 'cant_delete_message',
    })
    desk.sandbox.edit.archive('C_FINANCE')
    expect(await update(own)).toEqual({ ok: false, error: 'is_inactive' })
    desk.sandbox.edit.archive('C_FINANCE', false)
    expect(await desk.call('chat.delete', { channel: 'C_FINANCE', ts: own })).toMatchObject({
      ok: true,
      ts: own,
    })
    expect(await update(own)).toEqual({ ok: false, error: 'message_not_found' })
  })

  test('has a permalink', async () => {
    const { ts = '' } = await desk.client.chat.postMessage(hello)
    const { permalink } = await desk.client.chat.getPermalink({ channel: 'C_FINANCE', message_ts: ts })
    expect(permalink).toContain(`/archives/C_FINANCE/p${ts.replace('.', '')}`)
  })
})

describe('reading', () => {
  test('history is newest first, in pages, between two times, without replies and private answers', async () => {
    const sent: string[] = []
    for (const text of ['one', 'two', 'three'])
      sent.push((await desk.client.chat.postMessage({ ...hello, text })).ts ?? '')
    const [one, two, three] = sent
    await desk.client.chat.postMessage({ ...hello, text: 'reply', thread_ts: one ?? '' })
    await desk.client.chat.postMessage({
      ...hello,
      text: 'shout',
      thread_ts: one ?? '',
      reply_broadcast: true,
    })
    await desk.client.chat.postEphemeral({ ...hello, user: 'U_BOB' })
    const read = async (args: Record<string, unknown>) => {
      const answer = await desk.client.conversations.history({ channel: 'C_FINANCE', ...args })
      return answer.messages?.map(({ text }) => text)
    }
    expect(await read({})).toEqual(['shout', 'three', 'two', 'one'])
    expect(await read({ oldest: two })).toEqual(['shout', 'three'])
    expect(await read({ oldest: two, latest: three, inclusive: true })).toEqual(['three', 'two'])
    expect(await read({ latest: two })).toEqual(['one'])
    const pages: unknown[] = []
    for await (const page of desk.client.paginate('conversations.history', {
      channel: 'C_FINANCE',
      limit: 3,
    })) {
      pages.push('messages' in page && Array.isArray(page['messages']) && page['messages'].length)
    }
    expect(pages).toEqual([3, 1])
    const thread = await desk.client.conversations.replies({ channel: 'C_FINANCE', ts: one ?? '' })
    expect(thread.messages?.map(({ text }) => text)).toEqual(['one', 'reply', 'shout'])
    expect(thread.messages?.[0]).toMatchObject({ reply_count: 2, thread_ts: one })
  })

  test('people, their groups and channels', async () => {
    desk.sandbox.edit.makeStranger('U_DAVE')
    desk.sandbox.edit.deactivate('U_FRANK')
    const { client } = desk
    expect((await client.users.info({ user: 'U_BOB' })).user).toMatchObject({
      tz: 'Europe/Berlin',
      deleted: false,
    })
    expect((await client.users.info({ user: 'U_DAVE' })).user).toMatchObject({
      team_id: 'T_OTHER',
      is_stranger: true,
    })
    expect((await client.users.info({ user: 'U_FRANK' })).user).toMatchObject({ deleted: true })
    expect((await client.users.list({})).members).toHaveLength(7)
    expect((await client.usergroups.users.list({ usergroup: 'S_FINANCE' })).users).toEqual([
      'U_BOB',
      'U_ERIN',
    ])
    expect((await client.usergroups.list({ include_users: true })).usergroups).toEqual([
      expect.objectContaining({ id: 'S_FINANCE', handle: 'finance', users: ['U_BOB', 'U_ERIN'] }),
    ])
    expect((await client.conversations.members({ channel: 'C_DATA' })).members).toContain('U_COUNTERSIGN')
    expect((await client.conversations.info({ channel: 'C_DATA' })).channel).toMatchObject({
      is_member: true,
    })
    expect((await client.conversations.list({})).channels).toHaveLength(4)
    expect((await client.team.info()).team).toMatchObject({ id: 'T_ACME' })
    expect((await client.bots.info({ bot: 'B_COUNTERSIGN' })).bot).toMatchObject({ user_id: 'U_COUNTERSIGN' })
  })

  test.each([
    ['users.info', { user: 'U_NOBODY' }, 'user_not_found'],
    ['usergroups.users.list', { usergroup: 'S_NONE' }, 'no_such_subteam'],
    ['conversations.info', { channel: 'C_NOWHERE' }, 'channel_not_found'],
    ['conversations.open', { users: 'U_NOBODY' }, 'user_not_found'],
    ['conversations.list', { types: 'secret' }, 'invalid_types'],
    ['files.info', { file: 'F_NONE' }, 'file_not_found'],
    ['bots.info', { bot: 'B_NONE' }, 'bot_not_found'],
  ])('%s %j', async (method, args, error) => {
    expect(await desk.call(method, args)).toMatchObject({ ok: false, error })
  })

  test('a direct message is opened once and takes posts, by its own id or by the person’s', async () => {
    const { channel } = await desk.client.conversations.open({ users: 'U_BOB' })
    const { channel: again } = await desk.client.conversations.open({ users: 'U_BOB' })
    expect(again).toEqual(channel)
    const sent = await desk.client.chat.postMessage({ channel: 'U_BOB', text: 'Psst' })
    expect(sent.channel).toBe(channel?.id)
    expect(await desk.call('chat.postMessage', { channel: '#general', text: 'All' })).toMatchObject({
      channel: 'C_GENERAL',
    })
  })

  test('an app may join a public channel, with the scope for it', async () => {
    desk.sandbox.edit.removeBot('C_DATA')
    expect(await desk.call('conversations.join', { channel: 'C_DATA' })).toMatchObject({
      error: 'missing_scope',
    })
    desk.sandbox.edit.setScopes(['channels:join', 'chat:write'])
    await desk.client.conversations.join({ channel: 'C_DATA' })
    expect(await desk.call('chat.postMessage', { ...hello, channel: 'C_DATA' })).toMatchObject({ ok: true })
  })
})

describe('views', () => {
  let app: PlainApp
  let inner: Setting

  beforeEach(async () => {
    app = await plainApp()
    inner = await setting({ app_url: () => app.url })
  })

  afterEach(async () => {
    await inner.close()
    await app.close()
  })

  /** The trigger of a real click, on a card or in the topmost modal. */
  async function trigger(where: 'card' | 'modal' = 'card') {
    const { sandbox, client } = inner
    if (where === 'card') {
      const { ts = '' } = await client.chat.postMessage({ ...hello, blocks: button('open') })
      await sandbox.act({ do: 'click', as: 'U_BOB', channel: 'C_FINANCE', ts, action_id: 'open' })
    } else {
      const view_id = sandbox.snapshot().modals.at(-1)?.id ?? ''
      await sandbox.act({ do: 'click_in_view', as: 'U_BOB', view_id, action_id: 'push' })
    }
    return (await app.next()).payload['trigger_id']
  }

  test('open for who clicked, and refuse a second opening, a made-up trigger and a bad view', async () => {
    const trigger_id = await trigger()
    expect(await inner.call('views.open', { trigger_id, view: reasonModal() })).toMatchObject({
      ok: true,
      view: {
        id: expect.any(String),
        hash: expect.any(String),
        state: { values: { why: expect.anything() } },
      },
    })
    expect(inner.sandbox.snapshot().modals).toMatchObject([{ user: 'U_BOB', previous_view_id: null }])
    const open = (args: Record<string, unknown>) => inner.call('views.open', args)
    expect(await open({ trigger_id, view: reasonModal() })).toMatchObject({ error: 'exchanged_trigger_id' })
    expect(await open({ trigger_id: '1.2.3', view: reasonModal() })).toMatchObject({
      error: 'invalid_trigger_id',
    })
    const view = reasonModal({ submit: undefined, title: plain('x'.repeat(25)) })
    expect(await open({ trigger_id: await trigger(), view })).toMatchObject({
      error: 'invalid_arguments',
      errors: [
        'must be less than 25 characters [json-pointer:/view/title/text]',
        '`submit` is required when an input block is within the modal [json-pointer:/view/submit]',
      ],
    })
  })

  test('are updated by id or external id, with the right hash only', async () => {
    const view = reasonModal({ external_id: 'only one' })
    await inner.call('views.open', { trigger_id: await trigger(), view })
    const { id = '', hash } = inner.sandbox.snapshot().modals[0] ?? {}
    const next = reasonModal({ title: plain('Next') })
    const update = (args: Record<string, unknown>) => inner.call('views.update', { view: next, ...args })
    expect(await update({ view_id: id, hash: 'old' })).toMatchObject({ error: 'hash_conflict' })
    expect(await update({ view_id: id, external_id: 'only one' })).toMatchObject({
      error: 'invalid_arguments',
    })
    expect(await update({ view_id: 'V_NONE' })).toMatchObject({ error: 'not_found' })
    expect(await update({ external_id: 'only one', hash })).toMatchObject({ ok: true })
    expect(inner.sandbox.snapshot().modals[0]?.view).toMatchObject({ title: { text: 'Next' } })
    await update({ view_id: id, view })
    const doubled = { user_id: 'U_BOB', view: { type: 'home', blocks: [], external_id: 'only one' } }
    expect(await inner.call('views.publish', doubled)).toMatchObject({ error: 'duplicate_external_id' })
  })

  test('are pushed from within a modal, three deep, and no trigger from elsewhere pushes', async () => {
    const view = reasonModal({ blocks: button('push') })
    const outside = await inner.call('views.push', { trigger_id: await trigger(), view })
    expect(outside).toMatchObject({ error: 'not_found' })
    await inner.call('views.open', { trigger_id: await trigger(), view })
    const push = async () => await inner.call('views.push', { trigger_id: await trigger('modal'), view })
    expect(await push()).toMatchObject({ ok: true })
    expect(await push()).toMatchObject({ ok: true })
    expect(await push()).toMatchObject({ error: 'push_limit_reached' })
    const [root, second] = inner.sandbox.snapshot().modals
    expect(second).toMatchObject({ root_view_id: root?.id, previous_view_id: root?.id })
  })
})
