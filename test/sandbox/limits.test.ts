import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { button, plain, plainApp, reasonModal, setting } from './setting.ts'
import type { PlainApp, Setting } from './setting.ts'

let app: PlainApp
let desk: Setting

beforeAll(async () => {
  app = await plainApp()
  desk = await setting({ app_url: () => app.url })
})

afterAll(async () => {
  await desk.close()
  await app.close()
})

type Make = (length: number) => Record<string, unknown>

const x = (length: number) => 'x'.repeat(length)
const many = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index))
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const block = (made: Record<string, unknown>) => ({ blocks: [made] })
const element = (made: Record<string, unknown>) => block({ type: 'actions', elements: [made] })
const pressed = (more: Record<string, unknown>) => element({ type: 'button', text: plain('x'), ...more })
const option = (value: string, more = {}) => ({ text: plain(value), value, ...more })
const menu = (more: Record<string, unknown>) => element({ type: 'static_select', ...more })
const asked = (made: Record<string, unknown>, more = {}) =>
  block({ type: 'input', label: plain('x'), element: { action_id: 'x', ...made }, ...more })
const confirm = (more: Record<string, unknown>) => pressed({ confirm: { text: plain('x'), ...more } })
const url = (length: number) => `https://x.example/${x(length - 18)}`
const options = (length: number) => many(length, (index) => option(`o${index}`))

/** What is made, at which length it is still taken, and how the refusal of one more begins. */
const inMessages: [string, number, Make, string][] = [
  ['blocks', 50, (n) => ({ blocks: many(n, () => ({ type: 'divider' })) }), 'no more than 50 items'],
  ['header', 150, (n) => block({ type: 'header', text: plain(x(n)) }), 'must be less than 151'],
  ['section text', 3000, (n) => block({ type: 'section', text: mrkdwn(x(n)) }), 'must be less than 3001'],
  [
    'section fields',
    10,
    (n) => block({ type: 'section', fields: many(n, () => mrkdwn('x')) }),
    'no more than 10',
  ],
  [
    'section field',
    2000,
    (n) => block({ type: 'section', fields: [mrkdwn(x(n))] }),
    'must be less than 2001',
  ],
  [
    'context elements',
    10,
    (n) => block({ type: 'context', elements: many(n, () => mrkdwn('x')) }),
    'no more than 10',
  ],
  [
    'actions elements',
    25,
    (n) =>
      block({ type: 'actions', elements: many(n, (index) => ({ ...button(`b${index}`)[0]?.elements[0] })) }),
    'no more than 25',
  ],
  ['block_id', 255, (n) => block({ type: 'divider', block_id: x(n) }), 'must be less than 256'],
  ['action_id', 255, (n) => pressed({ action_id: x(n) }), 'must be less than 256'],
  ['button text', 75, (n) => pressed({ text: plain(x(n)) }), 'must be less than 76'],
  ['button value', 2000, (n) => pressed({ value: x(n) }), 'must be less than 2001'],
  ['button url', 3000, (n) => pressed({ url: url(n) }), 'must be less than 3001'],
  ['button label', 75, (n) => pressed({ accessibility_label: x(n) }), 'must be less than 76'],
  ['confirm text', 300, (n) => confirm({ text: plain(x(n)) }), 'must be less than 301'],
  ['confirm title', 100, (n) => confirm({ title: plain(x(n)) }), 'must be less than 101'],
  ['confirm button', 30, (n) => confirm({ confirm: plain(x(n)) }), 'must be less than 31'],
  ['deny button', 30, (n) => confirm({ deny: plain(x(n)) }), 'must be less than 31'],
  ['option text', 75, (n) => menu({ options: [{ text: plain(x(n)), value: 'a' }] }), 'must be less than 76'],
  ['option value', 75, (n) => menu({ options: [{ text: plain('a'), value: x(n) }] }), 'must be less than 76'],
  [
    'option hint',
    75,
    (n) => menu({ options: [option('a', { description: plain(x(n)) })] }),
    'must be less than 76',
  ],
  ['options', 100, (n) => menu({ options: options(n) }), 'no more than 100'],
  [
    'option groups',
    100,
    (n) => menu({ option_groups: many(n, (i) => ({ label: plain('g'), options: [option(`${i}`)] })) }),
    'no more than 100',
  ],
  [
    'group label',
    75,
    (n) => menu({ option_groups: [{ label: plain(x(n)), options: options(1) }] }),
    'must be less than 76',
  ],
  ['overflow options', 5, (n) => element({ type: 'overflow', options: options(n) }), 'no more than 5'],
  ['checkboxes', 10, (n) => element({ type: 'checkboxes', options: options(n) }), 'no more than 10'],
  ['radio buttons', 10, (n) => element({ type: 'radio_buttons', options: options(n) }), 'no more than 10'],
  [
    'placeholder',
    150,
    (n) => element({ type: 'users_select', placeholder: plain(x(n)) }),
    'must be less than 151',
  ],
  [
    'image alt',
    2000,
    (n) => block({ type: 'image', alt_text: x(n), image_url: url(20) }),
    'must be less than 2001',
  ],
  [
    'image url',
    3000,
    (n) => block({ type: 'image', alt_text: 'x', image_url: url(n) }),
    'must be less than 3001',
  ],
  [
    'input label',
    2000,
    (n) => asked({ type: 'email_text_input' }, { label: plain(x(n)) }),
    'must be less than 2001',
  ],
  [
    'input hint',
    2000,
    (n) => asked({ type: 'url_text_input' }, { hint: plain(x(n)) }),
    'must be less than 2001',
  ],
  [
    'longest input',
    3000,
    (n) => asked({ type: 'plain_text_input', max_length: n }),
    'must be less than or equal to 3000',
  ],
  [
    'shortest input',
    3000,
    (n) => asked({ type: 'plain_text_input', min_length: n }),
    'must be less than or equal to 3000',
  ],
]

describe.each(inMessages)('in a message: %s', (_, most, make, refusal) => {
  test(`${most} is taken and one more is not`, async () => {
    const post = (length: number) =>
      desk.call('chat.postMessage', { channel: 'C_DATA', text: 'x', ...make(length) })
    expect(await post(most)).toMatchObject({ ok: true })
    expect(await post(most + 1)).toMatchObject({
      error: 'invalid_blocks',
      errors: [expect.stringContaining(refusal)],
    })
  })
})

const inViews: [string, number, Make, string][] = [
  ['title', 24, (n) => ({ title: plain(x(n)) }), 'must be less than 25'],
  ['submit', 24, (n) => ({ submit: plain(x(n)) }), 'must be less than 25'],
  ['close', 24, (n) => ({ close: plain(x(n)) }), 'must be less than 25'],
  ['private_metadata', 3000, (n) => ({ private_metadata: x(n) }), 'must be less than 3001'],
  ['callback_id', 255, (n) => ({ callback_id: x(n) }), 'must be less than 256'],
  ['external_id', 255, (n) => ({ external_id: x(n) }), 'must be less than 256'],
  ['blocks', 100, (n) => ({ blocks: many(n, () => ({ type: 'divider' })) }), 'no more than 100'],
  ['files', 10, (n) => asked({ type: 'file_input', max_files: n }), 'must be less than or equal to 10'],
]

describe.each(inViews)('in a modal: %s', (_, most, make, refusal) => {
  test(`${most} is taken and one more is not`, async () => {
    const { ts = '' } = await desk.client.chat.postMessage({
      channel: 'C_DATA',
      text: 'x',
      blocks: button('open'),
    })
    const open = async (length: number) => {
      await desk.sandbox.act({ do: 'click', as: 'U_BOB', channel: 'C_DATA', ts, action_id: 'open' })
      const { trigger_id } = (await app.next()).payload
      return await desk.call('views.open', { trigger_id, view: reasonModal(make(length)) })
    }
    expect(await open(most)).toMatchObject({ ok: true })
    expect(await open(most + 1)).toMatchObject({
      error: 'invalid_arguments',
      errors: [expect.stringContaining(refusal)],
    })
  })
})

const post = (args: Record<string, unknown>) =>
  desk.call('chat.postMessage', { channel: 'C_DATA', text: 'x', ...args })
const markdown = (length: number) => ({ type: 'markdown', text: x(length) })

test('a message’s text ends at 40,000 characters', async () => {
  expect(await post({ text: x(40_000) })).toMatchObject({ ok: true })
  expect(await post({ text: x(40_001) })).toMatchObject({ error: 'msg_too_long' })
})

test('an edited text ends at 4,000 bytes, counted after escaping', async () => {
  const { ts } = await post({})
  const edit = (text: string) => desk.call('chat.update', { channel: 'C_DATA', ts, text })
  expect(await edit(x(4000))).toMatchObject({ ok: true })
  expect(await edit(x(4001))).toMatchObject({ error: 'msg_too_long' })
  expect(await edit(`${x(3995)}&`)).toMatchObject({ ok: true })
  expect(await edit(`${x(3996)}&`)).toMatchObject({ error: 'msg_too_long' })
  expect(await edit(`${x(3995)}&amp;`)).toMatchObject({ ok: true })
  expect(await edit('é'.repeat(2001))).toMatchObject({ error: 'msg_too_long' })
})

test('all blocks together weigh their words, and each further block 125 more', async () => {
  const two = (length: number) => ({ blocks: [markdown(12_000), markdown(length)] })
  expect(await post({ blocks: [markdown(12_000)] })).toMatchObject({ ok: true })
  expect(await post(two(13_297 - 125 - 12_000))).toMatchObject({ ok: true })
  expect(await post(two(13_297 - 125 - 11_999))).toMatchObject({ error: 'msg_blocks_too_long' })
  expect(await post({ blocks: [markdown(12_001)] })).toMatchObject({ error: 'invalid_blocks' })
  const words = (length: number) => ({
    type: 'rich_text_preformatted',
    elements: [{ type: 'text', text: x(length) }],
  })
  expect(await post({ blocks: [{ type: 'rich_text', elements: [words(6000), words(7298)] }] })).toMatchObject(
    {
      error: 'msg_blocks_too_long',
    },
  )
})

test('a view ends at 250 kB', async () => {
  const publish = async (rows: number) => {
    const blocks = many(rows, () => ({ type: 'section', text: mrkdwn(x(3000)) }))
    return await desk.call('views.publish', { user_id: 'U_BOB', view: { type: 'home', blocks } })
  }
  expect(await publish(81)).toMatchObject({ ok: true })
  expect(await publish(82)).toEqual({ ok: false, error: 'view_too_large' })
})
