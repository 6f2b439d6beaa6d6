import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { openHome } from '../desk/home.ts'

// A Home keeps to Slack's rates, and many changes at once are few publishes.

let desk: Desk
let agent: TestAgent
beforeEach(async () => {
  desk = await openDesk({ pacing: true })
  agent = await desk.agent('busy-bot', 'U_FRANK')
})
afterEach(() => desk.close())

const publishes = (who: string) =>
  desk.slack.sandbox.calls('views.publish').filter(({ args }) => args['user_id'] === who)
const turnedAway = () => desk.slack.sandbox.calls().filter(({ answer }) => answer?.error === 'ratelimited')
const homeOf = (who: string) =>
  JSON.stringify(desk.slack.sandbox.snapshot().homes.find(({ user }) => user === who)?.view ?? null)

test('a hundred requests in a burst: the Home shows all that it can, after a few publishes', async () => {
  const other = await desk.replica()
  for (const who of ['U_BOB', 'U_ERIN', 'U_CAROL']) await openHome(desk, who)
  const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 10 }, () => agent.ask(refund)))
    desk.clock.move(100)
  }
  for (let passed = 0; passed < 30_000; passed += 1_000) {
    desk.clock.move(1_000)
    await desk.settle()
  }
  for (const who of ['U_BOB', 'U_ERIN']) {
    expect(homeOf(who)).toContain('80 more requests wait in your roles')
    expect(publishes(who).length).toBeLessThanOrEqual(8)
  }
  // Whom it does not concern is left alone.
  expect(publishes('U_CAROL')).toHaveLength(1)
  expect(turnedAway().filter(({ method }) => method === 'views.publish')).toEqual([])

  // Idle stays idle.
  const before = desk.slack.sandbox.calls('views.publish').length
  await desk.advance('2m')
  expect(desk.slack.sandbox.calls('views.publish')).toHaveLength(before)
  await other.stop()
})

test('a Home that Slack turns away comes when Slack allows it', async () => {
  desk.slack.sandbox.inject({ kind: 'rate_limited', retry_after_s: 20, method: 'views.publish', times: 1 })
  await openHome(desk, 'U_BOB')
  expect(publishes('U_BOB')).toHaveLength(1)
  await desk.advance('19s')
  expect(publishes('U_BOB')).toHaveLength(1)
  await desk.advance('2s')
  expect(publishes('U_BOB')).toHaveLength(2)
  expect(homeOf('U_BOB')).toContain('Nothing waits for you')
})
