import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { AuditEvent } from '../../src/audit/index.ts'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// Whoever decides has a card before them. Which one is in the audit.

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('refund-bot')
})
afterAll(() => desk.close())

const big = { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 2_400 } }

type Of<Type extends AuditEvent['type']> = Extract<AuditEvent, { type: Type }>

async function eventsOf<Type extends AuditEvent['type']>(id: string, ...types: Type[]): Promise<Of<Type>[]> {
  const wanted: ReadonlySet<string> = new Set(types)
  return (await desk.audit(id)).filter((event): event is Of<Type> => wanted.has(event.type))
}

test('a vote records the card that was clicked, the policy and the digest of the action', async () => {
  const { id, action_digest } = await agent.ask(big)
  const card = await desk.card(id)
  await desk.click('U_BOB', 'approve', card)
  const [vote] = await eventsOf(id, 'vote.cast')
  const [posted] = await eventsOf(id, 'card.posted')
  expect(vote?.data).toMatchObject({
    seen: { shown: posted?.data.shown, channel: card.channel, ts: card.ts },
    policy_version: 1,
    action_digest,
  })
})

test('who decides on a card that has not changed yet is recorded with what they had before them', async () => {
  // Given a card that Bob has voted on, and a Slack that does not show it yet
  const { id } = await agent.ask(big)
  const card = await desk.card(id)
  const fault = desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'chat.update' })
  await desk.click('U_BOB', 'approve', card)
  await desk.settle()
  // When Erin is refused, then fills in the form of the card as it was
  await desk.click('U_DAVE', 'approve', card)
  await desk.reject('U_ERIN', card, 'wrong customer')
  desk.slack.sandbox.clearFaults(fault)
  await desk.advance('5m')
  // Then each of the three saw the card as it was posted, which is another than the one that came
  const [posted, updated] = await eventsOf(id, 'card.posted', 'card.updated')
  expect(updated?.data.shown).not.toBe(posted?.data.shown)
  const decided = await eventsOf(id, 'vote.cast', 'click.refused')
  expect(decided.map(({ data }) => data.seen)).toEqual(
    decided.map(() => ({ shown: posted?.data.shown, channel: card.channel, ts: card.ts })),
  )
  expect(decided).toHaveLength(3)
})
