import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Approval } from '../../src/approval/approval.ts'
import { parseBlocks } from '../../src/sandbox/content.ts'
import { card } from '../../src/slack/views/card.ts'
import { showBlocks } from '../../src/slack/views/show.ts'
import { after, approve, bob, cancel, opened, reject } from '../approval/given.ts'
import { requests } from './requests.ts'

// Whatever an agent may send, the strict sandbox takes the card, and nothing in it can ping, link or format itself.

const people = { team_url: 'https://acme.slack.com/', names: {} }

/** Everything in a view that Slack parses: what an agent wrote must never get there unescaped. */
function parsedTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : []
  return [...own, ...Object.values(value).flatMap(parsedTexts)]
}

const states: [string, (approval: Approval) => Approval][] = [
  ['waiting', (approval) => approval],
  ['approved', (approval) => after(approval, approve(bob))],
  ['rejected', (approval) => after(approval, reject(bob, '<!here> *no* '.repeat(70)))],
  ['cancelled', (approval) => after(approval, cancel)],
]

describe.each(states)('the card of any request, %s,', (_state, reach) => {
  test('fits every limit of Slack, and nothing that the agent wrote is parsed', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const approval = reach(opened({}, request))
        const { text, blocks } = card(approval, 0, people, '<!subteam^S_FINANCE>')
        expect(parseBlocks(JSON.parse(JSON.stringify(blocks)))).toMatchObject({ ok: true })
        expect(parseBlocks(JSON.parse(JSON.stringify(showBlocks(approval, people))))).toMatchObject({
          ok: true,
        })
        const parsed = [text, ...parsedTexts(blocks)].join('\n').replace('<!subteam^S_FINANCE>', '')
        expect(parsed).not.toMatch(/<[!@#]here|<!channel|<@U_BOB|<https:\/\/evil/)
        expect(Buffer.byteLength(text)).toBeLessThan(4_000)
      }),
      { numRuns: 60 },
    )
  })
})

test('what cannot be seen is shown', () => {
  const shown = JSON.stringify(card(opened({}, { environment: 'prod\u200B\u202Euction' }), 0, people, null))
  expect(shown).toContain('prod⟨U+200B⟩⟨U+202E⟩uction')
})

test('an unchanged approval is drawn the same, so that nothing is sent for it', () => {
  expect(card(opened(), 0, people, null)).toEqual(card(opened(), 0, people, null))
})

test('the whole of small arguments is on the card, and what is left out of large ones is counted', () => {
  const small = JSON.stringify(card(opened(), 0, people, null))
  for (const shown of ['charge', 'ch_1', 'amount', '240']) expect(small).toContain(shown)
  const large = {
    action: { tool: 't', arguments: { text: 'x'.repeat(50_000) }, summary: null, justification: null },
  }
  expect(JSON.stringify(card(opened({}, large), 0, people, null))).toMatch(
    /4\d{4} more characters are not shown here/,
  )
})
