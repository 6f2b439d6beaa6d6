import type { Approval, Request } from '../../src/approval/approval.ts'
import type { BreakGlassInput } from '../../src/approval/break-glass.ts'
import { decide } from '../../src/approval/decide.ts'
import type { Freeze } from '../../src/approval/freeze.ts'
import { findMasks } from '../../src/approval/masks.ts'
import { builtInSecrets } from '../../src/approval/secrets.ts'
import type { People } from '../../src/slack/views/people.ts'
import {
  after,
  approve,
  bob,
  cancel,
  dora,
  erin,
  escalateAt,
  expiryTimer,
  finance,
  found,
  mallory,
  minute,
  opened,
  openDetails,
  planOf,
  platform,
  reject,
  requestOf,
  rungTimer,
  second,
} from '../approval/given.ts'
import { ask, answer, assign, onIt } from '../approval/answers-given.ts'
import { edit, editing } from '../approval/edit-given.ts'

/** The card of one stage of an approval, and what it is to show. */
export type Scene = { name: string; shows: string; approval: Approval; stage: number; earlier?: Approval }

/** When it is looked at. */
export const now = minute(9)

export const people: People = {
  team_url: 'https://acme.slack.com/',
  names: {
    U_OLAF: 'Olaf Olsen',
    U_ADA: 'Ada Adams',
    U_BOB: 'Bob Brandt',
    U_DORA: 'Dora Diaz',
    U_ERIN: 'Erin Eze',
    U_CAROL: 'Carol Chen',
    U_MALLORY: 'Mallory Moss',
  },
}

const about: Partial<Request> = {
  risk: 'high',
  subject: { type: 'order', id: 'A-1881', url: 'https://shop.example/orders/A-1881' },
  links: [{ title: 'Ticket 4711', url: 'https://support.example/tickets/4711' }],
}

const refund: Partial<Request> = {
  ...about,
  action: {
    tool: 'stripe.refund',
    arguments: { charge: 'ch_3PqLs82eZ', amount: 2400, currency: 'USD', reason: 'duplicate' },
    summary: 'Refund $2,400 to Northwind for order A-1881',
    justification: 'Northwind was charged twice for order A-1881; both charges have settled.',
  },
}

/** With arguments of every kind. */
export const richRefund: Partial<Request> = {
  ...about,
  action: {
    tool: 'stripe.refund',
    arguments: {
      charge: 'ch_3PqLs82eZ',
      amount: 2400,
      currency: 'USD',
      customer: { name: 'Northwind Traders', since: '2024-05-02T08:30:00Z', tags: ['b2b', 'priority'] },
      lines: [
        { sku: 'A-100', quantity: 2 },
        { sku: 'B-7', quantity: 1 },
      ],
      note: 'Charged twice on 18 November.\nBoth charges have settled.',
      api_key: 'this stands nowhere',
    },
    summary: 'Refund $2,400 to Northwind for order A-1881',
    justification:
      'Northwind was charged twice for order A-1881. The customer confirmed in ticket 4711 that only one was meant.',
  },
}

const planChange: Partial<Request> = {
  action: {
    tool: 'billing.change_plan',
    summary: 'Move Northwind to the team plan',
    justification: null,
    arguments: {
      customer: 'cus_1',
      plan: 'team',
      seats: 8,
      address: { city: 'Berlin', country: 'DE' },
      terms: 'Billed monthly.\nNotice of 30 days.\nSupport on working days.',
    },
  },
  before: {
    plan: 'pro',
    seats: 5,
    address: { city: 'Bonn', country: 'DE' },
    terms: 'Billed monthly.\nNotice of 90 days.\nSupport on working days.',
    renews: '2026-12-01T00:00:00Z',
  },
  on_behalf_of: null,
  subject: { type: 'customer', id: 'cus_1', url: null },
  links: [],
}

const plan = {
  stages: [finance(2), platform()],
  escalation: [escalateAt(12, 'platform')],
  reason: 'Money over a thousand needs four eyes',
}
const freeze: Freeze = {
  id: 'frz_1',
  agent_id: null,
  reason: 'We look into a leak of customer data',
  at: minute(8),
  lifted_at: null,
}

/** An approval just opened, with what is hidden of it, under an id that does not change. */
export function asked(plan: Parameters<typeof opened>[0], request: Partial<Request>): Approval {
  const masked = findMasks(requestOf(request), builtInSecrets)
  return { ...opened({ ...plan, masked }, request), id: 'apr_01m82qm680zyjxtzkjf0wtcahw' }
}

export const waiting = asked(plan, refund)
export const rich = asked(plan, richRefund)
const partly = after(waiting, approve(bob, { comment: 'Checked with the bank' }))
const met = after(waiting, approve(bob, { comment: 'Checked with the bank' }), approve(dora))
const approved = after(met, approve(erin, second))
export const editableRefund = asked({ ...plan, ...editing }, refund)
const edited = decide(
  after(editableRefund, approve(dora)),
  edit(
    bob,
    { ...editableRefund.action.arguments, amount: 1200, note: 'One of the two was kept' },
    { note: 'They kept one of the two', plan: planOf({ ...plan, ...editing }) },
  ),
  minute(8),
).next
const glass: BreakGlassInput = {
  ...approve(mallory),
  type: 'break_glass',
  named: true,
  comment: 'The shop is down and nobody is awake',
}

const tooMuch = after(waiting, reject(dora, 'Only one of the two charges has settled'))
const retry = (request: Partial<Request>) => ({
  ...asked(plan, { ...request, retry_of: tooMuch.id }),
  id: 'apr_01m82qn4c0h6y3tq5w2s8d7f9g',
})

export const scenes: Scene[] = [
  { name: 'waiting', shows: 'Waiting for its first stage', approval: rich, stage: 0 },
  { name: 'partly-approved', shows: 'One of two has approved', approval: partly, stage: 0 },
  { name: 'stage-met', shows: 'The first stage is met, the next is asked', approval: met, stage: 0 },
  { name: 'second-stage', shows: 'What the next stage sees', approval: met, stage: 1 },
  { name: 'edited', shows: 'Somebody edited it, and it is asked anew', approval: edited, stage: 0 },
  {
    name: 'attended',
    shows: 'Assigned, somebody is on it, one question is answered and one is open',
    approval: after(
      waiting,
      ask(bob),
      answer('The second one'),
      ask(erin, { question: { id: 'qst_2', text: 'Who at Northwind asked for it?' } }),
      assign(bob, dora),
      onIt(erin),
    ),
    stage: 0,
  },
  {
    name: 'escalated',
    shows: 'Nobody answered, and another role is asked too',
    approval: decide(asked({ ...plan, stages: [finance()] }, refund), rungTimer(0), minute(12)).next,
    stage: 0,
  },
  {
    name: 'unreachable',
    shows: 'Nobody can decide it',
    approval: after(
      asked({ stages: [finance()] }, refund),
      found('finance', 'nobody in finance may approve it'),
    ),
    stage: 0,
  },
  { name: 'approved', shows: 'Approved, and until when it may run', approval: approved, stage: 1 },
  {
    name: 'outcome',
    shows: 'What the agent says came of it',
    approval: after(approved, {
      type: 'report_outcome',
      by: { name: 'refund-bot' },
      outcome: {
        status: 'failed',
        error: 'The charge was already refunded',
        attempts: 2,
        duration_ms: 1_840,
        cost: { amount: '0.42', currency: 'USD' },
        tokens: null,
      },
    }),
    stage: 1,
  },
  {
    name: 'rejected',
    shows: 'Rejected, with the reason',
    approval: after(partly, reject(dora, 'The second charge was never settled')),
    stage: 0,
  },
  {
    name: 'expired',
    shows: 'Nobody decided in time',
    approval: decide(waiting, expiryTimer, minute(30)).next,
    stage: 0,
  },
  { name: 'cancelled', shows: 'Taken back by its agent', approval: after(waiting, cancel), stage: 0 },
  {
    name: 'frozen',
    shows: 'The kill switch is on',
    approval: decide(partly, { type: 'freeze_changed' }, minute(9), [freeze]).next,
    stage: 0,
  },
  {
    name: 'withdrawn',
    shows: 'Approved, and withdrawn before it ran',
    approval: decide(approved, { type: 'freeze_changed' }, minute(9), [freeze]).next,
    stage: 1,
  },
  {
    name: 'glass-broken',
    shows: 'Approved by one alone, in an emergency',
    approval: after(asked({ ...plan, break_glass: true }, refund), glass),
    stage: 0,
  },
  {
    name: 'difference',
    shows: 'A change to something that exists',
    approval: asked({}, planChange),
    stage: 0,
  },
  {
    name: 'retry',
    shows: 'Another attempt, with what was rejected before and what is different',
    approval: retry({
      ...refund,
      risk: 'medium',
      action: { ...refund.action!, arguments: { ...refund.action!.arguments, amount: 1200 } },
    }),
    stage: 0,
    earlier: tooMuch,
  },
  {
    name: 'retry-unchanged',
    shows: 'Another attempt with the very same action',
    approval: retry(refund),
    stage: 0,
    earlier: tooMuch,
  },
  {
    name: 'critical',
    shows: 'Critical risk, Details to be read first, and all buttons there are',
    approval: after(
      asked(
        { require_details_opened: true, break_glass: true, extend_ms: 30 * 60_000 },
        { ...planChange, before: null, risk: 'critical' },
      ),
      openDetails(bob),
    ),
    stage: 0,
  },
  {
    name: 'bare',
    shows: 'An agent that says nothing but what it wants to run',
    approval: asked(
      { rule: null },
      {
        action: { tool: 'cache.flush', arguments: {}, summary: null, justification: null },
        risk: 'low',
        on_behalf_of: null,
        subject: null,
        links: [],
      },
    ),
    stage: 0,
  },
]
