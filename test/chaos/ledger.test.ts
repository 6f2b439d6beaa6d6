import { describe, expect, test } from '@jest/globals'
import type { Intent } from '../../chaos/crowd/intents.ts'
import type { AuditEvent, Stored } from '../../chaos/ledger/audit.ts'
import { judgeApproval } from '../../chaos/ledger/judge-approval.ts'
import { createLedger, type Ledger } from '../../chaos/ledger/ledger.ts'
import { rules } from '../../chaos/world/policy.ts'
import { owners, roles } from '../../chaos/world/workspace.ts'

// A judge who never finds anything proves nothing: each lie is put to it once, beside the truth.

const began = Date.parse('2026-03-01T12:00:00.000Z')
const at = (seconds: number) => new Date(began + seconds * 1_000).toISOString()
const [owner = ''] = owners
const [first = '', second = ''] = (roles['finance']?.members ?? []).filter((who) => who !== owner)
const human = (slack_user_id: string) => ({ type: 'human', slack_user_id })

/** A payout that two people of finance approved, told as the audit would. */
function truth(): {
  events: Omit<AuditEvent, 'approval_id' | 'seq'>[]
  ledger: Ledger
  stored: Partial<Stored>
} {
  const ledger = createLedger()
  const entry = ledger.enter(intent())
  ledger.acknowledged(entry, 'apr_1')
  entry.ends.add('approved')
  for (const who of [first, second])
    entry.clicks.push({
      who,
      what: 'approve',
      acked: true,
      form_opened: false,
      told_in_form: false,
      began,
      ended: began + 100,
    })
  const received = ledger.receivedFor('apr_1')
  received.bodies.set('msg_1', new Set(['a']))
  received.ends.add('approval.approved approved')
  received.taken = 1
  return {
    ledger,
    stored: { status: 'approved', callbacks: [{ id: 'msg_1', type: '', status: 'delivered', attempts: 1 }] },
    events: [
      { type: 'approval.requested', at: at(0), actor: { type: 'agent' }, data: { expires_at: at(90) } },
      { type: 'vote.cast', at: at(1), actor: human(first), data: { vote: 'approve', stage: 0 } },
      { type: 'vote.cast', at: at(2), actor: human(second), data: { vote: 'approve', stage: 0 } },
      { type: 'approval.approved', at: at(2), actor: human(second), data: {} },
    ],
  }
}

function intent(): Intent {
  const rule = rules.find(({ tool }) => tool === 'payout')
  if (!rule) throw new Error('there is no rule for payouts')
  return {
    index: 0,
    agent: 0,
    rule,
    on_behalf_of: null,
    expires_in_s: null,
    calls_back: true,
    twins: false,
    cancels_after_ms: null,
    waits: false,
    moves: [],
  }
}

function judged({ events, ledger, stored }: ReturnType<typeof truth>): string[] {
  const entry = ledger.byId.get('apr_1')
  if (!entry) throw new Error('the ledger does not know it')
  const numbered = events.map((event, place) => ({ approval_id: 'apr_1', seq: place + 1, ...event }))
  const whole: Stored = { id: 'apr_1', status: 'approved', callbacks: [], ...stored, events: numbered }
  return judgeApproval(entry, whole, ledger, 1).map(({ what }) => what)
}

test('the truth is believed', () => {
  expect(judged(truth())).toEqual([])
})

describe('a lie is found', () => {
  type Told = ReturnType<typeof truth>
  const vote = (told: Told, place: number) => told.events[place] ?? fail()
  const fail = (): never => {
    throw new Error('there is no such event')
  }
  test.each<[string, (told: Told) => void, RegExp]>([
    ['one approver is missing', ({ events }) => events.splice(1, 1), /not lawful/],
    ['one approver counted twice', (told) => (vote(told, 2).actor = human(first)), /approved it before/],
    ['a stranger voted', (told) => (vote(told, 1).actor = human('U_P35')), /not in finance/],
    ['the owner voted', (told) => (vote(told, 1).actor = human(owner)), /owns the agent/],
    ['a vote came too late', (told) => (vote(told, 2).at = at(90)), /end of its time/],
    ['decided twice', ({ events }) => events.push(events[3] ?? fail()), /after approval.approved/],
    ['never decided', ({ events }) => events.pop(), /never decided/],
    ['expired too early', (told) => Object.assign(vote(told, 3), expiry(89)), /not lawful/],
    ['cancelled by nobody', (told) => Object.assign(vote(told, 3), cancelled), /not lawful/],
    [
      'the agent heard otherwise',
      ({ ledger }) => ledger.byId.get('apr_1')?.ends.add('expired'),
      /was told expired/,
    ],
    ['no callback came', ({ ledger }) => ledger.received.clear(), /no callback arrived/],
    [
      'the callback changed between two tries',
      ({ ledger }) => ledger.received.get('apr_1')?.bodies.get('msg_1')?.add('b'),
      /2 bodies/,
    ],
    [
      'the callback came with two ids',
      ({ ledger }) => ledger.received.get('apr_1')?.bodies.set('msg_2', new Set(['a'])),
      /2 webhook-ids/,
    ],
    [
      'an answered click is nowhere',
      ({ ledger }) => {
        const clicks = ledger.byId.get('apr_1')?.clicks
        clicks?.push(...clicks)
      },
      /the audit has/,
    ],
  ])('%s', (_what, lie, found) => {
    const told = truth()
    lie(told)
    expect(judged(told).join('; ')).toMatch(found)
  })

  test('an event was taken out of the middle', () => {
    const told = truth()
    expect(
      judged({ ...told, events: told.events.map((event, place) => ({ ...event, seq: place + 2 })) }),
    ).toContain('event 1 has the number 2')
  })
})

const expiry = (seconds: number) => ({
  type: 'approval.expired',
  at: at(seconds),
  actor: { type: 'timeout' },
})
const cancelled = { type: 'approval.cancelled', actor: { type: 'agent' } }
