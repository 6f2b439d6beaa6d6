import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Approval, Request } from '../../src/approval/approval.ts'
import { parseView } from '../../src/sandbox/web-api/views.ts'
import { homeView, type Inbox } from '../../src/slack/views/home/home.ts'
import { headline } from '../../src/slack/views/headline.ts'
import { limits } from '../../src/slack/views/limits.ts'
import { after, approve, bob, cancel, finance, opened, reject } from '../approval/given.ts'
import { requests } from './requests.ts'
import { heightOf, parsedTexts, textsIn } from './seen.ts'

// Whatever agents may send, and however much of it waits: the strict sandbox takes the Home, nothing in it can ping, link or
// format itself, and what can be decided there can be found.

const people = { team_url: 'https://acme.slack.com/', names: {} }

const nothing: Inbox = {
  slack_user_id: bob.slack_user_id,
  roles: ['finance'],
  unread: [],
  irreplaceable: [],
  waiting: [],
  more: 0,
  decided: [],
  freezes: [],
  company: null,
  admins: ['U_ALICE'],
}

const draw = (inbox: Partial<Inbox>) => homeView({ ...nothing, ...inbox }, people)
const wordsOn = (inbox: Partial<Inbox>) => textsIn(draw(inbox).blocks).join('\n')
const id = (nth: number) => `apr_${String(nth).padStart(26, '0')}`
const identified = (approvals: Approval[], from: number) =>
  approvals.map((approval, nth) => ({ ...approval, id: id(from + nth) }))

/** Slack's answer to a view, as the sandbox gives it. */
const accepted = (inbox: Partial<Inbox>) => parseView(JSON.parse(JSON.stringify(draw(inbox))), 'home', [])

const ends: ((approval: Approval) => Approval)[] = [
  (approval) => after(approval, approve(bob)),
  (approval) => after(approval, reject(bob, '<!here> *no* '.repeat(70))),
  (approval) => after(approval, cancel),
]

describe('the Home of anybody', () => {
  test('fits every limit of Slack, and nothing that an agent wrote is parsed', () => {
    const some = (most: number) => fc.array(requests, { maxLength: most })
    fc.assert(
      fc.property(some(6), some(14), some(8), (alone, waiting, decided) => {
        const wait = (request: Partial<Request>) => opened({ stages: [finance(3)] }, request)
        const inbox = {
          irreplaceable: identified(alone.map(wait), 100),
          waiting: identified(waiting.map(wait), 200),
          decided: identified(
            decided.map((request, nth) => ends[nth % ends.length]!(opened({}, request))),
            300,
          ),
        }
        expect(accepted(inbox)).toMatchObject({ ok: true })
        const { blocks } = draw(inbox)
        expect(parsedTexts(blocks).join('\n')).not.toMatch(
          /<[!@#]here|<!channel|<@U_BOB|<https:\/\/evil|\*no\*/,
        )
        const words = textsIn(blocks)
        for (const one of [...inbox.irreplaceable, ...inbox.waiting])
          expect(words).toContain(headline(one, 150).replace(/[\u2068\u2069]/g, ''))
        const buttons = JSON.stringify(blocks.filter(({ type }) => type === 'actions'))
        for (const one of [...inbox.irreplaceable, ...inbox.waiting]) expect(buttons).toContain(one.id)
      }),
      { numRuns: 25 },
    )
  })

  test('fits them also where there is as much of everything as there can be', () => {
    const wide: Partial<Request> = {
      action: {
        tool: 'x'.repeat(200),
        arguments: Object.fromEntries(
          Array.from({ length: 40 }, (_, nth) => [`${nth}${'k'.repeat(100)}`, 'v\n'.repeat(4_000)]),
        ),
        summary: '😀'.repeat(150),
        justification: 'w'.repeat(4_000),
      },
      environment: 'e'.repeat(100),
    }
    const many = (length: number, of: Approval) => Array.from({ length }, () => of)
    const frozen = { reason: 'r'.repeat(500), agent: 'a'.repeat(100) }
    const full: Inbox = {
      slack_user_id: bob.slack_user_id,
      roles: Array.from({ length: 200 }, (_, nth) => `role-${nth}`),
      unread: Array.from({ length: 200 }, (_, nth) => `other-${nth}`),
      irreplaceable: identified(many(10, opened({ require_details_opened: true }, wide)), 100),
      waiting: identified(many(10, { ...opened({}, wide), unreachable: 'u'.repeat(2_000) }), 200),
      more: 1_000,
      decided: identified(many(8, ends[1]!(opened({}, wide))), 300),
      freezes: Array.from({ length: 50 }, () => frozen),
      company: { waiting: 1_000_000, unreachable: 999_999 },
      admins: Array.from({ length: 100 }, (_, nth) => `U_${nth}`),
    }
    expect(accepted(full)).toMatchObject({ ok: true })
    const { blocks } = draw(full)
    expect(blocks.length).toBeLessThanOrEqual(limits.view_blocks)
    expect(Buffer.byteLength(JSON.stringify(blocks))).toBeLessThan(250_000)
  })

  test('keeps what one request takes within a screen of a phone', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const one = draw({ waiting: [opened({}, request)] }).blocks
        expect(heightOf(one)).toBeLessThan(40)
      }),
      { numRuns: 60 },
    )
  })

  test('is the same for the same, so that nothing is sent for it, and carries its own hash', () => {
    const one = draw({ waiting: [opened()] })
    expect(draw({ waiting: [opened()] })).toEqual(one)
    expect(one.private_metadata).toMatch(/^[0-9a-f]{64}$/)
    expect(
      draw({ waiting: [after(opened({ stages: [finance(2)] }), approve(bob))] }).private_metadata,
    ).not.toBe(one.private_metadata)
  })
})

test('says of a request what it is, how bad it could be, whose it is, how far it is and when it ends', () => {
  const words = wordsOn({ waiting: [opened({ stages: [finance(2)] }, { risk: 'critical' })] })
  for (const seen of [
    'Refund $240 to order 1881',
    'CRITICAL RISK',
    'refund-bot',
    'stripe.refund',
    'amount',
    '0 of 2 approvals',
  ])
    expect(words).toContain(seen)
  expect(JSON.stringify(draw({ waiting: [opened()] }).blocks)).toContain(
    '"type":"date","timestamp":1772443800',
  )
})

test.each<[string, Partial<Inbox>, RegExp]>([
  ['nothing waits', {}, /Nothing waits for you\nWhat needs your decision appears here by itself/],
  ['they are in no role', { roles: [] }, /You are in no role of the policy.*U_ALICE/s],
  ['more waits than is shown', { waiting: [opened()], more: 37 }, /37 more requests wait in your roles/],
  ['only more waits', { more: 1 }, /1 request waits in your roles/],
  ['all is frozen', { freezes: [{ agent: null, reason: 'a leak' }] }, /Everything is frozen\n: “a leak”/],
  [
    'one agent is',
    { freezes: [{ agent: 'refund-bot', reason: 'a leak' }] },
    /Frozen: \nrefund-bot\n: “a leak”/,
  ],
  [
    'Slack does not say who is in a role',
    { unread: ['legal'] },
    /may be missing here\n: Slack does not say just now who is in legal/,
  ],
  [
    'they are an admin',
    { company: { waiting: 3, unreachable: 1 } },
    /3 requests wait in all, 1 of which nobody can decide right now/,
  ],
])('says so where %s', (_title, inbox, words) => {
  expect(wordsOn(inbox)).toMatch(words)
})

test('a freeze is no news to who decides nothing', () => {
  expect(wordsOn({ roles: [], freezes: [{ agent: null, reason: 'a leak' }] })).not.toContain('frozen')
})
