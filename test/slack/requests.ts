import * as fc from 'fast-check'
import type { Json, JsonObject, Request } from '../../src/approval/approval.ts'

// What agents may send, and the worst of it.

const nasty = fc.constantFrom(
  '<!here>',
  '<!channel> <@U_BOB>',
  '*bold* _it_ `code`',
  '<https://evil.example|https://bank.example>',
  '\u202Egnp.exe',
  '\u200B\u200B',
  '\uFEFF',
  '```',
  ':white_check_mark: Approved',
  '👩‍👩‍👧‍👦',
  '\n\n\n',
  ' ',
)
const words = fc.oneof({ weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) }, nasty)
const said = (longest: number) =>
  fc
    .array(words, { minLength: 1, maxLength: 40 })
    .map((parts) => parts.join(' ').slice(0, longest).toWellFormed())
    .map((text) => (text.trim() === '' ? 'x' : text))
const values = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    words,
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(words, tie('value'), { maxKeys: 6 }),
    fc.array(words, { maxLength: 200 }).map((lines) => lines.join('\n')),
  ),
})).value
const url = fc.webUrl({ withFragments: true, withQueryParameters: true })
const object = (maxKeys: number) => fc.dictionary(words, values, { maxKeys }) as fc.Arbitrary<JsonObject>

/** What any agent may ask for. */
export const requests = fc.record({
  action: fc.record({
    tool: fc.constantFrom('a', 'stripe.refund', 'x'.repeat(200)),
    arguments: object(30),
    summary: fc.option(said(300)),
    justification: fc.option(said(4_000)),
  }),
  risk: fc.constantFrom('low', 'medium', 'high', 'critical'),
  environment: said(100),
  run_id: fc.option(said(200)),
  on_behalf_of: fc.option(fc.constantFrom('U_DAVE', 'W0123')),
  subject: fc.option(fc.record({ type: said(100), id: said(200), url: fc.option(url) })),
  links: fc.array(fc.record({ title: said(200), url }), { maxLength: 10 }),
  metadata: fc.dictionary(said(100), said(500), { maxKeys: 50 }),
  before: fc.option(object(10)),
  state: fc.option(values),
  retry_of: fc.option(fc.constant('apr_01k00000000000000000000000')),
}) as fc.Arbitrary<Partial<Request>>
