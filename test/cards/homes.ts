import type { Approval } from '../../src/approval/approval.ts'
import { homeView, type Inbox } from '../../src/slack/views/home/home.ts'
import { after, approve, bob, dora, finance, reject } from '../approval/given.ts'
import { asked, people, rich, waiting } from './scenes.ts'

/** Somebody's Home, and what it is to show. */
export type HomeScene = { name: string; shows: string; view: ReturnType<typeof homeView> }

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
  admins: ['U_ERIN'],
}

/** Each of one Home has an id of its own. */
function numbered(approvals: Approval[]): Approval[] {
  return approvals.map((approval, nth) => ({ ...approval, id: approval.id.replace(/.$/, String(nth)) }))
}

const refund = (amount: number, order: string) => ({
  action: {
    tool: 'stripe.refund',
    arguments: { charge: 'ch_3PqLs82eZ', amount, currency: 'USD' },
    summary: `Refund $${amount} for order ${order}`,
    justification: null,
  },
})

const critical = asked(
  { require_details_opened: true },
  {
    risk: 'critical',
    action: {
      tool: 'sql.execute',
      arguments: {
        database: 'orders',
        query: "update orders\nset status = 'closed'\nwhere paid_at < now() - interval '90 days'",
      },
      summary: 'Close orders that were paid 90 days ago',
      justification: null,
    },
  },
)
const small = asked({}, refund(240, 'A-1902'))
const half = after(asked({ stages: [finance(2)] }, refund(1_900, 'A-1877')), approve(bob))

const full: Partial<Inbox> = {
  irreplaceable: numbered([critical]),
  waiting: numbered([rich, after(waiting, approve(dora))]),
  more: 37,
  decided: numbered([
    half,
    after(asked({}, refund(120, 'A-1850')), approve(bob)),
    after(small, reject(bob, 'Refunded by hand')),
  ]),
}

const draw = (inbox: Partial<Inbox>) => homeView({ ...nothing, ...inbox }, people)

export const homes: HomeScene[] = [
  { name: 'home', shows: 'Home: what waits, and what was decided', view: draw(full) },
  { name: 'home-empty', shows: 'Home, where nothing waits', view: draw({}) },
  {
    name: 'home-frozen',
    shows: 'Home of an admin, while all is frozen',
    view: draw({
      waiting: [
        {
          ...small,
          freeze: { id: 'frz_1', reason: 'We look into a leak of customer data', at: small.created_at },
        },
      ],
      freezes: [{ agent: null, reason: 'We look into a leak of customer data' }],
      company: { waiting: 12, unreachable: 2 },
    }),
  },
  { name: 'home-no-role', shows: 'Home of somebody who decides nothing', view: draw({ roles: [] }) },
]
