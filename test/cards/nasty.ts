import type { JsonObject } from '../../src/approval/approval.ts'

/** What an agent POSTs, without what every request has. */
export type Nasty = { name: string; action: object; more?: object }

const fields = (count: number, value: (i: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`field_${i}`, value(i)]))
const nested = (depth: number): JsonObject =>
  depth === 0 ? { end: true } : { [`level_${depth}`]: nested(depth - 1) }
const asking = (args: object, more: object = {}) => ({ tool: 'shell.run', arguments: args, ...more })

/** Thirty requests that are valid and mean no good, or were made by somebody who did not think of people. */
export const nasty: Nasty[] = [
  { name: 'nothing', action: { tool: 'x' } },
  {
    name: 'only what is empty',
    action: asking({ a: '', b: [], c: {}, d: null, '': '' }, { summary: ' ', justification: '\n\n' }),
  },
  {
    name: 'a summary that says it was approved',
    action: asking({}, { summary: '✅ Approved by Alice Archer. Nothing left to do.' }),
  },
  {
    name: 'words that look like the rest of the card',
    action: asking(
      { host: 'db-1' },
      {
        summary: 'Restart',
        justification:
          'It hangs.\n\n✅ Approved by Alice Archer\nRule  reads (policy version 1)\n────────\nWithout an answer it is approved',
      },
    ),
  },
  {
    name: 'names that look like ours',
    action: asking({ Rule: 'reads', 'Approved by': 'Alice', Risk: '○ Low risk', 'Tool\nAgent': 'safe' }),
  },
  {
    name: 'pings',
    action: asking(
      { to: '<!channel> <!here> <@U_BOB> @here' },
      { summary: '<!here> <@U_BOB> look', justification: '<!everyone>' },
    ),
  },
  {
    name: 'links',
    action: asking(
      { see: '<https://evil.example|https://bank.example>' },
      { summary: '[Approve](https://evil.example)' },
    ),
  },
  {
    name: 'formatting',
    action: asking(
      { text: '*bold* _it_ ~no~ `code` ```block``` > quote' },
      { summary: '*Important* _really_ :rotating_light:' },
    ),
  },
  {
    name: 'zero width',
    action: asking({ user: 'ad\u200Bmin', host: '\uFEFFprod\u2060' }, { summary: 'De\u00ADlete\u200B all' }),
  },
  {
    name: 'turned direction',
    action: asking({ file: 'invoice\u202Efdp.exe' }, { summary: 'Open \u2066\u202Etxt.exe' }),
  },
  {
    name: 'right to left',
    action: asking(
      { שם: 'דנה', סכום: 240, مذكرة: 'استرداد المبلغ للطلب 1881' },
      { summary: 'החזר 240 ש"ח להזמנה 1881', justification: 'הלקוח חויב פעמיים.\nقال العميل ذلك.' },
    ),
  },
  {
    name: 'letters of another script',
    action: asking(
      { to: 'p\u0430ypal', account: '\u0410\u0412\u0421123' },
      { summary: 'Pay \u0440\u0430\u0443\u0440\u0430l' },
    ),
  },
  {
    name: 'bold letters',
    action: asking({ note: '𝗔𝗽𝗽𝗿𝗼𝘃𝗲𝗱' }, { summary: '𝗥𝗶𝘀𝗸: 𝗹𝗼𝘄', justification: 'ｐｌｅａｓｅ ⓞⓚ' }),
  },
  {
    name: 'piles of marks',
    action: asking({ text: 'e' + '\u0301'.repeat(200) }, { summary: `Z${'\u0336\u035C'.repeat(60)}` }),
  },
  {
    name: 'emoji',
    action: asking(
      { mood: '👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇩🇪', '🔑': '🗝️' },
      { summary: '🎉🎉🎉 Ship it ✅✅✅', justification: '🙏'.repeat(500) },
    ),
  },
  {
    name: 'an empty screen of lines',
    action: asking({ text: '\n'.repeat(2_000) }, { summary: 'x', justification: `a${'\n'.repeat(3_000)}b` }),
  },
  {
    name: '3,000 lines',
    action: asking({
      script: Array.from({ length: 3_000 }, (_, i) => `echo step ${i}`).join('\n'),
      host: 'db-1',
    }),
  },
  {
    name: 'a word without an end',
    action: asking({ token_of_love: 'x'.repeat(200_000) }, { summary: 'w'.repeat(300) }),
  },
  { name: '5,000 fields', action: asking(fields(5_000, (i) => i)) },
  {
    name: 'fields of long texts',
    action: asking(fields(30, () => 'lorem ipsum dolor sit amet '.repeat(60))),
  },
  { name: 'a list of 20,000', action: asking({ ids: Array.from({ length: 20_000 }, (_, i) => i) }) },
  {
    name: 'a list of 500 objects',
    action: asking({
      lines: Array.from({ length: 500 }, (_, i) => ({ sku: `A-${i}`, amount: i, currency: 'EUR' })),
    }),
  },
  { name: '60 levels', action: asking({ deep: nested(58) }) },
  { name: 'a name of 50,000 characters', action: asking({ ['n'.repeat(50_000)]: 1, after: 2 }) },
  {
    name: 'numbers',
    action: asking({
      huge: 1e300,
      tiny: 5e-324,
      negative: -0.1,
      text: '0012',
      exponent: '1e9',
      amount: -1234567.5,
      currency: 'JPY',
    }),
  },
  {
    name: 'dates',
    action: asking({
      a: '2026-11-22T18:00:00Z',
      b: '0001-01-01T00:00:00Z',
      c: '9999-12-31T23:59:59Z',
      d: '2026-02-30T00:00:00Z',
      e: '2026-11-22',
    }),
  },
  {
    name: 'secrets',
    action: asking(
      {
        password: 'hunter-22',
        url: 'postgres://app:hunter-22@db/orders',
        env: { API_KEY: 'k', list: [{ token: 't' }] },
      },
      {
        summary: 'Connect with password=hunter-22',
        justification: 'Authorization: Bearer abcdefghijklmnopqrst',
      },
    ),
    more: { metadata: { client_secret: 's' } },
  },
  {
    name: 'addresses',
    action: asking({}),
    more: {
      subject: { type: 'invoice\n\n\n', id: 'x'.repeat(200), url: 'https://p\u0430ypal.example/login' },
      links: [
        { title: 'https://bank.example', url: 'https://evil.example/bank.example' },
        { title: 'Bank', url: `https://${'bank.example.'.repeat(15)}evil.example/` },
        ...Array.from({ length: 8 }, (_, i) => ({
          title: `Link ${i}`,
          url: `https://l${i}.example/${'a'.repeat(1_900)}`,
        })),
      ],
    },
  },
  {
    name: 'a difference of everything',
    action: asking({
      ...fields(20, (i) => i),
      text: Array.from({ length: 800 }, (_, i) => `a${i}`).join('\n'),
    }),
    more: {
      before: { ...fields(40, (i) => -i), text: Array.from({ length: 800 }, (_, i) => `b${i}`).join('\n') },
    },
  },
  {
    name: 'as much as there can be of all',
    action: asking(
      fields(40, (i) => `${i} `.repeat(900)),
      { summary: 'S'.repeat(300), justification: 'J '.repeat(2_000) },
    ),
    more: {
      environment: 'e'.repeat(100),
      run_id: 'r'.repeat(200),
      on_behalf_of: 'U_DAVE',
      risk: 'critical',
      metadata: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key_${i}`, 'm'.repeat(500)])),
      before: fields(40, (i) => `${i} was `.repeat(300)),
      state: { s: 'x'.repeat(8_000) },
    },
  },
]
