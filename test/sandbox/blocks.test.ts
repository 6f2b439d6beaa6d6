import { describe, expect, test } from '@jest/globals'
import { faultsOfBlocks, faultsOfView } from '../../src/sandbox/blocks/validate.ts'
import { plain, reasonModal } from './setting.ts'

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const options = [
  { text: plain('One'), value: '1' },
  { text: plain('Two'), value: '2' },
]
const image = { type: 'image', alt_text: 'A chart', image_url: 'https://x.example/a.png' }
const inline = [
  { type: 'text', text: 'x', style: { bold: true, italic: true, strike: true, code: true } },
  { type: 'link', url: 'https://x.example', text: 'x' },
  { type: 'user', user_id: 'U_BOB' },
  { type: 'channel', channel_id: 'C_DATA' },
  { type: 'usergroup', usergroup_id: 'S_FINANCE' },
  { type: 'broadcast', range: 'here' },
  { type: 'emoji', name: 'wave' },
  { type: 'date', timestamp: 1_700_000_000, format: '{date}', fallback: 'a day' },
  { type: 'color', value: '#ff0000' },
]

const choices = [
  { type: 'static_select', options, initial_option: options[0] },
  { type: 'static_select', option_groups: [{ label: plain('Group'), options }] },
  { type: 'multi_static_select', options, initial_options: options, max_selected_items: 2 },
  { type: 'users_select', initial_user: 'U_BOB' },
  { type: 'multi_users_select', initial_users: ['U_BOB'] },
  { type: 'channels_select', initial_channel: 'C_DATA' },
  { type: 'multi_channels_select', initial_channels: ['C_DATA'] },
  { type: 'conversations_select', filter: { include: ['public'] }, default_to_current_conversation: true },
  { type: 'multi_conversations_select', initial_conversations: ['C_DATA'] },
  { type: 'checkboxes', options: [{ text: mrkdwn('*One*'), value: '1' }] },
  { type: 'radio_buttons', options, initial_option: options[1] },
  { type: 'datepicker', initial_date: '2026-11-22', placeholder: plain('When') },
  { type: 'timepicker', initial_time: '09:30', timezone: 'Europe/Berlin' },
  { type: 'datetimepicker', initial_date_time: 1_795_000_000 },
]

const pressable = [
  { type: 'button', text: plain('Go'), style: 'primary', value: 'v', accessibility_label: 'Go on' },
  {
    type: 'button',
    text: plain('Go'),
    url: 'https://x.example',
    confirm: { title: plain('Sure?'), text: mrkdwn('x') },
  },
  { type: 'overflow', options: [{ ...options[0], url: 'https://x.example' }] },
]

const fillable = [
  {
    type: 'plain_text_input',
    multiline: true,
    min_length: 1,
    max_length: 10,
    initial_value: 'x',
    focus_on_load: true,
  },
  { type: 'number_input', is_decimal_allowed: false, min_value: '1', max_value: '9', initial_value: '5' },
  { type: 'email_text_input', dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } },
  { type: 'url_text_input', placeholder: plain('https://') },
  {
    type: 'rich_text_input',
    initial_value: { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: inline }] },
  },
]

const fileInput = { type: 'file_input', filetypes: ['pdf'], max_files: 2 }

type Block = Record<string, unknown>

const everywhere: Block[] = [
  { type: 'header', text: plain('Title') },
  { type: 'divider' },
  { type: 'section', text: mrkdwn('x'), fields: [plain('a'), mrkdwn('b')], accessory: image },
  { type: 'context', elements: [image, plain('x'), mrkdwn('y')] },
  { ...image, title: plain('A chart') },
  { type: 'image', alt_text: 'x', slack_file: { id: 'F1' } },
  {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: inline },
      {
        type: 'rich_text_list',
        style: 'ordered',
        indent: 1,
        elements: [{ type: 'rich_text_section', elements: inline }],
      },
      { type: 'rich_text_preformatted', border: 1, elements: [{ type: 'text', text: 'x' }] },
      { type: 'rich_text_quote', elements: inline },
    ],
  },
  ...[...choices, ...pressable].map((element) => ({ type: 'actions', elements: [element] })),
  ...[...choices, ...pressable].map((accessory) => ({ type: 'section', text: plain('x'), accessory })),
  ...[...choices, ...fillable].map((element) => ({
    type: 'input',
    label: plain('x'),
    element,
    optional: true,
  })),
]

const modal = (block: unknown) => reasonModal({ blocks: [block] })
const name = (block: Block) => JSON.stringify(block).slice(0, 100)

describe('taken in messages, modals and Home', () => {
  test.each(everywhere.map((block): [string, Block] => [name(block), block]))('%s', (_, block) => {
    expect(faultsOfBlocks([block])).toEqual([])
    expect(faultsOfView(modal(block), 'modal')).toEqual([])
    expect(faultsOfView({ type: 'home', blocks: [block] }, 'home')).toEqual([])
  })

  test.each(everywhere.map((block): [string, Block] => [name(block), block]))(
    'not with a key of one’s own: %s',
    (_, block) => {
      expect(faultsOfBlocks([{ ...block, colour: 'red' }])).toEqual([
        { at: '/blocks/0', message: 'invalid additional property: colour' },
      ])
    },
  )
})

describe('taken on one surface only', () => {
  const markdown = { type: 'markdown', text: '**x**' }
  const alert = { type: 'alert', text: plain('Careful'), level: 'warning' }
  const files = { type: 'input', label: plain('x'), element: fileInput }

  test.each([
    ['markdown', markdown, true, false],
    ['alert', alert, false, true],
    ['a file input', files, false, true],
  ])('%s', (_, block, inMessage, inModal) => {
    expect(faultsOfBlocks([block]).length === 0).toBe(inMessage)
    expect(faultsOfView(modal(block), 'modal').length === 0).toBe(inModal)
    expect(faultsOfView({ type: 'home', blocks: [block] }, 'home')).not.toEqual([])
  })
})

describe('refused', () => {
  const button = { type: 'button', text: plain('x'), action_id: 'a' }
  const row = (...elements: object[]) => ({ type: 'actions', elements })
  const ask = (element: object) => ({ type: 'input', label: plain('x'), element })

  test.each([
    ['no type', { text: plain('x') }, '/blocks/0', 'missing required field: type'],
    ['an unknown block', { type: 'card' }, '/blocks/0/type', 'unsupported type: card'],
    ['a name from Object', { type: 'constructor' }, '/blocks/0/type', 'unsupported type: constructor'],
    [
      'an empty text',
      { type: 'section', text: mrkdwn('') },
      '/blocks/0/text/text',
      'must be more than 0 characters',
    ],
    ['a section of nothing', { type: 'section' }, '/blocks/0', 'missing required field: text or fields'],
    ['a text that is a string', { type: 'header', text: 'x' }, '/blocks/0/text', 'must provide an object'],
    [
      'mrkdwn on a button',
      row({ ...button, text: mrkdwn('x') }),
      '/blocks/0/elements/0/text/type',
      'unsupported type: mrkdwn',
    ],
    [
      'a colour of one’s own',
      row({ ...button, style: 'green' }),
      '/blocks/0/elements/0/style',
      'must be a valid enum value',
    ],
    [
      'a number for a value',
      row({ ...button, value: 7 }),
      '/blocks/0/elements/0/value',
      'must provide a string',
    ],
    [
      'a script for a link',
      row({ ...button, url: 'javascript:alert(1)' }),
      '/blocks/0/elements/0/url',
      'must be a valid URL',
    ],
    ['no elements', row(), '/blocks/0/elements', 'must provide at least 1 item'],
    [
      'a text field outside an input',
      row({ type: 'plain_text_input' }),
      '/blocks/0/elements/0/type',
      'unsupported type: plain_text_input',
    ],
    ['a button in an input', ask(button), '/blocks/0/element/type', 'unsupported type: button'],
    [
      'one action_id twice',
      row(button, button),
      '/blocks/0/elements/1/action_id',
      '`action_id` a already exists',
    ],
    [
      'two lists of options',
      row({ type: 'static_select', options, option_groups: [{ label: plain('g'), options }] }),
      '/blocks/0/elements/0',
      'cannot provide both `options` and `option_groups`',
    ],
    [
      'a first choice that is none',
      row({ type: 'static_select', options, initial_option: { text: plain('x'), value: '9' } }),
      '/blocks/0/elements/0/initial_option',
      'must match an option that is provided',
    ],
    [
      'two sources for an image',
      { ...image, slack_file: { id: 'F1' } },
      '/blocks/0',
      'cannot provide both `image_url` and `slack_file`',
    ],
    [
      'limits the wrong way round',
      ask({ type: 'plain_text_input', min_length: 9, max_length: 3 }),
      '/blocks/0/element/min_length',
      '`min_length` cannot be greater than `max_length`',
    ],
    [
      'a mention in preformatted text',
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U_BOB' }] }],
      },
      '/blocks/0/elements/0/elements/0/type',
      'unsupported type: user',
    ],
  ])('%s', (_, block, at, message) => {
    expect(faultsOfBlocks([block])).toEqual([{ at, message }])
  })

  test('one block_id twice, and two elements that want the focus', () => {
    const focused = { type: 'plain_text_input', focus_on_load: true }
    expect(
      faultsOfBlocks([
        { ...ask(focused), block_id: 'b' },
        { ...ask(focused), block_id: 'b' },
      ]),
    ).toEqual([
      { at: '/blocks/1/block_id', message: '`block_id` b already exists' },
      { at: '/blocks', message: 'only one element can have `focus_on_load` set to true' },
    ])
  })

  test('in a view: what belongs to another kind of view', () => {
    expect(faultsOfView({ type: 'home', title: plain('x'), blocks: [] }, 'home')).toEqual([
      { at: '/view', message: 'invalid additional property: title' },
    ])
    expect(faultsOfView({ type: 'home', blocks: [] }, 'modal')).toEqual([
      { at: '/view', message: 'missing required field: title' },
      { at: '/view/type', message: 'must be a valid enum value' },
    ])
  })
})
