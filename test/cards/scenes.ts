import type { Approval, Request } from '../../src/approval/approval.ts'
import {
  escalateAt,
  after,
  approve,
  bob,
  cancel,
  dora,
  erin,
  finance,
  opened,
  platform,
  reject,
  second,
} from '../approval/given.ts'

export const people = {
  team_url: 'https://acme.slack.com/',
  names: {
    U_OLAF: 'Olaf Olsen',
    U_ADA: 'Ada Adams',
    U_BOB: 'Bob Brandt',
    U_DORA: 'Dora Diaz',
    U_ERIN: 'Erin Eze',
    U_CAROL: 'Carol Chen',
  },
}

const refund: Partial<Request> = {
  action: {
    tool: 'stripe.refund',
    arguments: {
      charge: 'ch_3PqLs82eZ',
      amount: 2400,
      currency: 'USD',
      reason: 'duplicate',
      customer: { name: 'Northwind Traders', since: '2024-05-02T08:30:00Z', tags: ['b2b', 'priority'] },
      lines: [
        { sku: 'A-100', amount: 2000 },
        { sku: 'B-7', amount: 400 },
      ],
      note: 'Charged twice on 18 November.\nBoth charges settled.\nThe customer wrote on the 20th and asked for the second one back.',
    },
    summary: 'Refund $2,400 to Northwind for order A-1881',
    justification:
      'Northwind was charged twice for order A-1881; both charges settled on 18 November. The customer confirmed in ticket 4711 that only one was meant.',
  },
  risk: 'high',
  subject: { type: 'order', id: 'A-1881', url: 'https://shop.example/orders/A-1881' },
  links: [{ title: 'Ticket 4711', url: 'https://support.example/tickets/4711' }],
}
const plan = {
  stages: [finance(2), platform()],
  escalation: [escalateAt(12, 'platform')],
  reason: 'Money over a thousand needs four eyes',
}
const waiting = { ...opened(plan, refund), id: 'apr_01m82qm680zyjxtzkjf0wtcahw' }
const twice = (a: Approval) => after(a, approve(bob, { comment: 'Checked with the bank' }), approve(dora))
export const scenes: { name: string; approval: Approval; stage: number }[] = [
  { name: 'waiting', approval: waiting, stage: 0 },
  { name: 'partly', approval: after(waiting, approve(bob, { comment: 'Checked with the bank' })), stage: 0 },
  { name: 'met', approval: twice(waiting), stage: 0 },
  { name: 'approved', approval: after(twice(waiting), approve(erin, second)), stage: 1 },
  {
    name: 'rejected',
    approval: after(waiting, reject(bob, 'The second charge was never settled')),
    stage: 0,
  },
  { name: 'cancelled', approval: after(waiting, cancel), stage: 0 },
  {
    name: 'before',
    approval: opened(
      { require_details_opened: true, break_glass: true, extend_ms: 1800000 },
      {
        action: {
          tool: 'billing.change_plan',
          summary: 'Move Northwind to the team plan',
          justification: null,
          arguments: {
            customer: 'cus_1',
            plan: 'team',
            seats: 8,
            address: { city: 'Berlin', zip: '10115' },
            terms: 'one\ntwo changed\nthree\nfour',
          },
        },
        before: {
          plan: 'pro',
          seats: 5,
          address: { city: 'Bonn', zip: '10115' },
          terms: 'one\ntwo\nthree\nfour',
          renews: '2026-12-01T00:00:00Z',
        },
        risk: 'critical',
      },
    ),
    stage: 0,
  },
  {
    name: 'large',
    approval: opened(
      {},
      {
        action: {
          tool: 'script.run',
          summary: '✅ Approved by Alice Archer',
          justification: '✅ Approved by Alice Archer\n\n\n\n\n\n\nNothing more to do here.\n\nx\ny\nz',
          arguments: {
            ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`field_${i}`, i])),
            script: 'echo hello\n'.repeat(3000),
          },
        },
        risk: 'low',
      },
    ),
    stage: 0,
  },
]
