import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { unasked } from '../../src/admin/policy/look-up.ts'
import type { SlackObject } from '../../src/sandbox/index.ts'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { openHome } from '../desk/home.ts'
import { storyPolicy } from '../desk/policy.ts'

// What waits for somebody is on their Home, and goes when it is decided, wherever and by whomever.

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('refund-bot', 'U_FRANK')
})
beforeEach(async () => {
  await desk.settle()
})
afterAll(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { amount: 240 }, summary: 'Refund order 1881' }
const big = { tool: 'stripe.refund', arguments: { amount: 2_400 }, summary: 'Refund order 1882' }

const open = (who: string) => openHome(desk, who)

const publishes = (who: string) =>
  desk.slack.sandbox.calls('views.publish').filter(({ args }) => args['user_id'] === who)

function blocksOf(who: string): SlackObject[] {
  const { homes } = desk.slack.sandbox.snapshot()
  return (homes.find(({ user }) => user === who)?.view['blocks'] ?? []) as SlackObject[]
}
const wordsOf = (who: string) => JSON.stringify(blocksOf(who))

/** The block of buttons with this approval's ticket, where they decide. */
function buttonsOf(who: string, id: string): SlackObject | undefined {
  return blocksOf(who).find((block) => block.type === 'actions' && JSON.stringify(block).includes(id))
}

async function press(who: string, action_id: string, id: string) {
  const block_id = buttonsOf(who, id)?.['block_id']
  if (typeof block_id !== 'string') throw new Error(`${id} does not wait on the Home of ${who}`)
  return desk.slack.sandbox.act({ do: 'click_in_home', as: who, action_id, block_id })
}

const waits = (who: string, id: string) => buttonsOf(who, id) !== undefined

test('nobody’s Home is drawn who has not opened it', async () => {
  const asked = await agent.ask(refund)
  await desk.settle()
  expect(desk.slack.sandbox.calls('views.publish')).toEqual([])
  await open('U_BOB')
  expect(waits('U_BOB', asked.id)).toBe(true)
  expect(publishes('U_ERIN')).toEqual([])
})

test('a vote there is one like any other, and records what the Home showed', async () => {
  const { id, action_digest } = await agent.ask(big)
  await open('U_BOB')
  await open('U_ERIN')
  const ticket = JSON.stringify(buttonsOf('U_BOB', id))
  expect(await press('U_BOB', 'approve', id)).toMatchObject({ ok: true })
  await desk.settle()
  const vote = (await desk.audit(id)).find(({ type }) => type === 'vote.cast')
  expect(vote).toMatchObject({
    actor: { slack_user_id: 'U_BOB' },
    data: { vote: 'approve', seen: { channel: null, ts: null }, policy_version: 1, action_digest },
  })
  const { shown } = (vote as { data: { seen: { shown: string } } }).data.seen
  expect(shown).toMatch(/^[0-9a-f]{64}$/)
  expect(ticket).toContain(shown)
  // It shows something else than the card.
  const posted = (await desk.audit(id)).find(({ type }) => type === 'card.posted')
  expect(JSON.stringify(posted)).not.toContain(shown)

  // Who has voted is not waited for any more; whoever else can still is.
  expect(waits('U_BOB', id)).toBe(false)
  expect(wordsOf('U_BOB')).toContain('⏳ Waiting: 1 of 2')
  expect(waits('U_ERIN', id)).toBe(true)
  expect(wordsOf('U_ERIN')).toContain('1 of 2 approvals')
  await press('U_ERIN', 'approve', id)
  await desk.settle()
  expect((await agent.get(id)).status).toBe('approved')
  expect(wordsOf('U_BOB')).not.toContain('⏳ Waiting: 1 of 2')
})

test('who asked, who owns the agent and who is in another role is not waited for', async () => {
  const own = await desk.agent('ledger-bot', 'U_ERIN')
  const asked = await own.ask(refund, { on_behalf_of: 'U_BOB' })
  for (const who of ['U_BOB', 'U_ERIN', 'U_CAROL', 'U_ALICE']) await open(who)
  expect(['U_BOB', 'U_ERIN', 'U_CAROL'].filter((who) => waits(who, asked.id))).toEqual([])
  expect(waits('U_ALICE', asked.id)).toBe(true)
  expect(wordsOf('U_ALICE')).toContain('Not without you')
  await desk.reject('U_ALICE', await desk.card(asked.id), 'no')
})

test('a second stage waits for its own people once the first is met', async () => {
  const asked = await agent.ask({ tool: 'prod.migrate', summary: 'Migrate' })
  for (const who of ['U_CAROL', 'U_BOB']) await open(who)
  expect([waits('U_CAROL', asked.id), waits('U_BOB', asked.id)]).toEqual([true, false])
  await press('U_CAROL', 'approve', asked.id)
  await desk.settle()
  expect([waits('U_CAROL', asked.id), waits('U_BOB', asked.id)]).toEqual([false, true])
  await press('U_BOB', 'approve', asked.id)
  await desk.settle()
  expect((await agent.get(asked.id)).status).toBe('approved')
})

test('a click on a Home that shows what is over is answered in a modal, and mended', async () => {
  const asked = await agent.ask(refund)
  await open('U_ERIN')
  const card = await desk.card(asked.id)
  // Given a Slack that does not show Erin that Bob was first
  const fault = desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'views.publish' })
  await desk.click('U_BOB', 'approve', card)
  await desk.settle()
  expect(waits('U_ERIN', asked.id)).toBe(true)
  // When she clicks
  await press('U_ERIN', 'approve', asked.id)
  const modal = await desk.slack.sandbox.until(({ modals }) => modals.find(({ user }) => user === 'U_ERIN'))
  expect(JSON.stringify(modal.view)).toMatch(/already approved by Bob Brandt/)
  expect(desk.toldPrivately('U_ERIN')).toEqual([])
  await desk.slack.sandbox.act({ do: 'close', as: 'U_ERIN', view_id: modal.id })
  desk.slack.sandbox.clearFaults(fault)
  await desk.advance('3m')
  expect(waits('U_ERIN', asked.id)).toBe(false)
})

test('a new policy, a freeze and the end of a deadline are seen at once', async () => {
  const asked = await agent.ask(refund)
  await open('U_CAROL')
  expect(wordsOf('U_CAROL')).not.toContain('finance')
  const saved = await desk.app.ground.admin.savePolicy(
    {
      document: storyPolicy.replace(
        'members: [U_ALICE, S_FINANCE]',
        'members: [U_ALICE, U_CAROL, S_FINANCE]',
      ),
      base: 1,
      note: null,
    },
    { type: 'operator' },
    async () => unasked,
  )
  expect(saved).not.toHaveProperty('refused')
  await desk.settle()
  expect(waits('U_CAROL', asked.id)).toBe(true)

  await desk.command('U_ALICE', 'freeze all keys have leaked')
  await desk.settle()
  expect(wordsOf('U_CAROL')).toContain('Everything is frozen')
  expect(JSON.stringify(buttonsOf('U_CAROL', asked.id))).not.toContain('"approve"')
  await desk.command('U_ALICE', 'unfreeze all')
  await desk.settle()
  expect(wordsOf('U_CAROL')).not.toContain('frozen')

  await desk.advance('1h')
  expect(waits('U_CAROL', asked.id)).toBe(false)
})

test('what is assigned to them comes first', async () => {
  const near = await agent.ask({ ...refund, summary: 'The nearest' }, { expires_in: '10m' })
  const far = await agent.ask({ ...refund, summary: 'The assigned' }, { expires_in: '50m' })
  await open('U_BOB')
  const inOrder = () => {
    const words = wordsOf('U_BOB')
    return words.indexOf('“The assigned”') < words.indexOf('“The nearest”')
  }
  expect(inOrder()).toBe(false)
  await desk.app.ground.flow.assign(far.id, {
    type: 'assign',
    by: { slack_user_id: 'U_ERIN', name: 'Erin' },
    to: { slack_user_id: 'U_BOB', name: 'Bob' },
    to_membership: { readable: true, roles: ['finance'] },
    membership: { readable: true, roles: ['finance'] },
    stage: 0,
    revision: 1,
    seen: null,
  })
  await desk.settle()
  expect(inOrder()).toBe(true)
  expect(wordsOf('U_BOB')).toContain('What was assigned to you comes first')
  for (const { id } of [near, far]) await desk.reject('U_ALICE', await desk.card(id), 'no')
})

test('a role of which Slack does not say who is in it is named, and its requests come when it does', async () => {
  const asked = await agent.ask(refund)
  const fault = desk.slack.sandbox.inject({
    kind: 'slack_error',
    error: 'internal_error',
    method: 'usergroups.users.list',
  })
  // What was known of the group is older than a minute then.
  await desk.advance('61s')
  await open('U_BOB')
  expect(wordsOf('U_BOB')).toContain('Slack does not say just now who is in finance')
  expect(waits('U_BOB', asked.id)).toBe(false)
  desk.slack.sandbox.clearFaults(fault)
  // What is news in that role may be theirs: they are told.
  const other = await agent.ask(refund)
  await desk.settle()
  expect([waits('U_BOB', asked.id), waits('U_BOB', other.id)]).toEqual([true, true])
})

test('who has not opened it for a month is not told any more, until they do', async () => {
  await open('U_BOB')
  await desk.advance('31d')
  const before = publishes('U_BOB').length
  const asked = await agent.ask(refund)
  await desk.settle()
  expect(publishes('U_BOB')).toHaveLength(before)
  await open('U_BOB')
  expect(waits('U_BOB', asked.id)).toBe(true)
})

test('what somebody decides on one replica goes from the Home that another draws', async () => {
  const other = await desk.replica()
  await open('U_BOB')
  for (let nth = 0; nth < 10; nth++) {
    const asked = await agent.ask(refund)
    await desk.settle()
    expect(waits('U_BOB', asked.id)).toBe(true)
    await desk.click('U_ERIN', 'approve', await desk.card(asked.id))
    await desk.settle()
    expect(waits('U_BOB', asked.id)).toBe(false)
  }
  await other.stop()
})
