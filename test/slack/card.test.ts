import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Approval, Request } from '../../src/approval/approval.ts'
import type { OutcomeInput } from '../../src/approval/outcome.ts'
import { reveal } from '../../src/approval/reveal.ts'
import { parseBlocks } from '../../src/sandbox/content.ts'
import { card } from '../../src/slack/views/card.ts'
import { onOneLine } from '../../src/slack/views/brief.ts'
import { fit } from '../../src/slack/views/limits.ts'
import { showBlocks } from '../../src/slack/views/show.ts'
import { after, approve, bob, cancel, opened, reject } from '../approval/given.ts'
import { requests } from './requests.ts'
import { heightOf, parsedTexts, textsIn } from './seen.ts'

// Whatever an agent may send, the strict sandbox takes the card, nothing in it can ping, link or format itself, and the
// buttons stay where a thumb finds them.

const people = { team_url: 'https://acme.slack.com/', names: {} }

/** Buttons further down than that are out of sight: some two screens of a phone. */
const highest = 80

const failed: OutcomeInput = {
  type: 'report_outcome',
  by: { name: 'refund-bot' },
  outcome: {
    status: 'failed',
    error: '<!here> *no* <https://evil.example|bank> \u202E'.repeat(90),
    attempts: 1_000_000,
    duration_ms: 366 * 86_400_000,
    cost: { amount: `${'9'.repeat(12)}.${'9'.repeat(12)}`, currency: 'USD' },
    tokens: { input: 1e15, output: 1e15 },
  },
}

const states: [string, (approval: Approval) => Approval][] = [
  ['waiting', (approval) => approval],
  ['approved', (approval) => after(approval, approve(bob))],
  ['rejected', (approval) => after(approval, reject(bob, '<!here> *no* '.repeat(70)))],
  ['cancelled', (approval) => after(approval, cancel)],
  ['run and failed', (approval) => after(approval, approve(bob), failed)],
]

describe.each(states)('the card of any request, %s,', (_state, reach) => {
  test('fits every limit of Slack, and nothing that the agent wrote is parsed', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const approval = reach(opened({}, request))
        const { text, blocks } = card(approval, 0, people, '<!subteam^S_FINANCE>')
        expect(parseBlocks(JSON.parse(JSON.stringify(blocks)))).toMatchObject({ ok: true })
        expect(parseBlocks(JSON.parse(JSON.stringify(showBlocks(approval, people, null))))).toMatchObject({
          ok: true,
        })
        const parsed = [text, ...parsedTexts(blocks)].join('\n').replace('<!subteam^S_FINANCE>', '')
        expect(parsed).not.toMatch(/<[!@#]here|<!channel|<@U_BOB|<https:\/\/evil/)
        expect(Buffer.byteLength(text)).toBeLessThan(4_000)
        // What the agent reports comes when nobody has to find a button any more.
        if (approval.outcome === null) expect(heightOf(blocks)).toBeLessThan(highest)
      }),
      { numRuns: 60 },
    )
  })
})

test('the card of any retry of any request fits too', () => {
  fc.assert(
    fc.property(requests, requests, (request, before) => {
      const earlier = after(opened({}, before), reject(bob, '<!here> *no* '.repeat(70)))
      const approval = opened({}, { ...request, retry_of: earlier.id })
      const { text, blocks } = card(approval, 0, people, null, earlier)
      expect(parseBlocks(JSON.parse(JSON.stringify(blocks)))).toMatchObject({ ok: true })
      const parsed = [text, ...parsedTexts(blocks)].join('\n')
      expect(parsed).not.toMatch(/<[!@#]here|<!channel|<@U_BOB|<https:\/\/evil/)
      expect(heightOf(blocks)).toBeLessThan(highest)
      expect(textsIn(blocks)).toContain('↻ Asked again')
    }),
    { numRuns: 60 },
  )
})

test('every argument of any request is on its card, by its name or by being counted', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const args = request.action?.arguments ?? {}
      const words = textsIn(card(opened({}, request), 0, people, null).blocks)
      const named = new Set(words.map((text) => text.trimEnd()))
      const missing = Object.keys(args).filter((key) => {
        const label = key === '' ? '""' : onOneLine(reveal(key)).trimEnd()
        return ![label, fit(label, 60), fit(label, 30)].some((seen) => named.has(seen))
      })
      // A currency stands with its amount.
      const currency = Object.keys(args).filter((key) => key.startsWith('currency'))
      const others = Number(/ and ([\d,]+) others/.exec(words.join(''))?.[1]?.replace(',', '') ?? 0)
      expect(missing.length).toBeLessThanOrEqual(others + currency.length)
    }),
    { numRuns: 100 },
  )
})

const shownOn = (request: Partial<Request>) =>
  textsIn(card(opened({}, request), 0, people, null).blocks).join('\n')
const asking = (args: Request['action']['arguments'], more: Partial<Request['action']> = {}) => ({
  action: { tool: 't', arguments: args, summary: null, justification: null, ...more },
})

test('what cannot be seen is shown', () => {
  expect(shownOn({ environment: 'prod\u200B\u202Euction' })).toContain('prod⟨U+200B⟩⟨U+202E⟩uction')
})

test('an unchanged approval is drawn the same, so that nothing is sent for it', () => {
  expect(card(opened(), 0, people, null)).toEqual(card(opened(), 0, people, null))
})

test('the whole of small arguments is on the card, and what is left out of large ones is counted', () => {
  for (const words of ['charge', 'ch_1', 'amount', '240']) expect(shownOn({})).toContain(words)
  expect(shownOn(asking({ text: 'x'.repeat(50_000) }))).toMatch(/49,\d{3} more characters/)
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`field_${i}`, i]))
  expect(shownOn(asking(many))).toMatch(/1,982 more: [^.]*field_18[^.]*and 1,974 others/s)
})

test('a long text leaves room for the fields after it', () => {
  const words = shownOn(asking({ script: 'echo\n'.repeat(3_000), host: 'db-1', confirm: true }))
  for (const seen of ['script', 'host', 'db-1', 'confirm', 'more characters']) expect(words).toContain(seen)
})

describe('nothing of the agent’s looks like a part of the card', () => {
  test('its summary is quoted, and our own marks in it are set apart', () => {
    const [header] = textsIn(
      card(opened({}, asking({}, { summary: '✅ Approved by\nAlice' })), 0, people, null).blocks,
    )
    expect(header).toBe('“⟨✅⟩ Approved by Alice”')
  })

  test('its words stand in a quote', () => {
    const { blocks } = card(
      opened({}, asking({}, { justification: '✅ Approved by Alice\nRule x' })),
      0,
      people,
      null,
    )
    expect(JSON.stringify(blocks)).toContain(
      '{"type":"rich_text_quote","elements":[{"type":"text","text":"✅ Approved by Alice\\nRule x"}]}',
    )
  })

  test('what it names cannot begin a line', () => {
    const words = shownOn({ ...asking({ 'a\nRule': 1 }), environment: 'x\n\n\nRule' })
    expect(words).toContain('a⏎Rule')
    expect(words).toContain('x⏎⏎⏎Rule')
  })
})

describe('links', () => {
  const subject = (url: string) => shownOn({ subject: { type: 'order', id: '1', url } })

  test.each([
    ['https://shop.example/orders/1?a=b', 'shop.example ↗'],
    ['https://bank.example.evil.example:8443/', 'bank.example.evil.example:8443 ↗'],
    // а of the Cyrillic script.
    ['https://p\u0430ypal.example/', 'xn--pypal-4ve.example ↗'],
  ])('%s is followed under its real host', (url, seen) => {
    expect(subject(url)).toContain(seen)
  })

  test('of a long host the end is seen, which says whose it is', () => {
    expect(subject(`https://${'login.bank.example.'.repeat(8)}evil.example/`)).toMatch(
      /…[a-z.]*evil\.example ↗/,
    )
  })
})
