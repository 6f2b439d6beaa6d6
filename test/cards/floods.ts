import type { FloodMember } from '../../src/flow/floods.ts'
import { floodCard, floodModal } from '../../src/slack/views/flood.ts'
import { after, approve, bob, finance, minute } from '../approval/given.ts'
import { asked } from './scenes.ts'

const flood = {
  id: 'fld_01m82qn4c0h6y3tq5w2s8d7f9g',
  agent_name: 'refund-bot',
  channel: 'C_FINANCE',
  most: 100,
  began_at: minute(1),
}
const counts = { waiting: 61, total: 80, approved: 14, rejected: 4, cancelled: 1 }

/** What still waits, each with an id of its own; one has its card in the thread already. */
function members(count: number): FloodMember[] {
  return Array.from({ length: count }, (_, nth) => {
    const order = `A-${1_900 + nth}`
    const approval = asked(
      { stages: [finance(2)] },
      {
        risk: nth === 0 ? 'high' : 'medium',
        action: {
          tool: 'stripe.refund',
          arguments: { order },
          summary: `Refund $${240 + nth} for order ${order}`,
          justification: null,
        },
      },
    )
    const voted = nth === 1 ? after(approval, approve(bob)) : approval
    return { approval: { ...voted, id: voted.id.slice(0, -2) + `0${nth}` }, stage: 0, opened: nth === 1 }
  })
}

export const gathered = {
  name: 'flood',
  shows: 'What an agent asked too much of at once',
  card: floodCard(flood, counts, members(4)),
}
export const gatheredList = {
  name: 'flood',
  shows: 'All that waits of it, a page at a time',
  view: floodModal(flood, counts, members(5), 0),
}
