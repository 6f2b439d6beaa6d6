import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { textsIn } from '../slack/seen.ts'

// An agent that asks a lot at once fills no channel: what is beyond the policy's `flood` is gathered on one card, and each
// request stays its own decision.

const policy = `
admins: [U_ALICE]
flood: 3
roles:
  finance: {channel: C_FINANCE, members: [U_BOB, U_ERIN]}
  platform: {channel: C_PLATFORM, members: [U_CAROL]}
defaults:
  expires_in: 8h
  stages: [{role: finance, approvals: 1}]
rules:
  - name: deploy
    when: action.tool == "deploy"
    stages: [{role: platform, approvals: 1}]
  - name: chased
    when: action.tool == "chased"
    escalation: [{after: 20m, do: remind}]
`

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('refund-bot')
})
afterAll(() => desk.close())

const messages = (channel: string) =>
  desk.slack.sandbox.snapshot().messages.filter((message) => message.channel === channel)
const cardsOf = (channel: string) =>
  messages(channel).filter(({ metadata }) => metadata?.event_type === 'countersign_approval')
const floods = (channel: string) =>
  messages(channel).filter(({ metadata }) => metadata?.event_type === 'countersign_flood')
const flood = (channel = 'C_FINANCE') => floods(channel).at(-1)!
const words = () => textsIn(flood().blocks).join('\n')
const cardOf = (id: string) =>
  cardsOf('C_FINANCE').find(({ metadata }) => metadata?.event_payload.approval_id === id)

async function ask(count: number, tool = 'refund', by = agent): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    desk.clock.move(1)
    const { id } = await by.ask({ tool, summary: `Refund ${i}`, arguments: { order: i } })
    ids.push(id)
  }
  await desk.settle()
  return ids
}

/** The block with a request's button in the list, on the card or in the form. */
function openIn(blocks: unknown, id: string): string | undefined {
  const all = blocks as { block_id: string; elements?: { action_id?: string; value?: string }[] }[]
  return all.find(({ elements }) =>
    elements?.some(({ action_id, value }) => action_id === 'flood_open' && value?.startsWith(id)),
  )?.block_id
}

let ids: string[] = []

test('what is beyond the limit is gathered, in the order of deadlines, and the owner is told once', async () => {
  ids = await ask(15)
  expect(ids.map((id) => cardOf(id) !== undefined)).toEqual(ids.map((_, i) => i < 3))
  expect(floods('C_FINANCE')).toHaveLength(1)
  expect(words()).toContain('refund-bot asks a lot at once: 12 requests')
  expect(words()).toContain('12 waiting')
  expect(words()).toContain('“Refund 3”')
  expect(words()).toContain('… and 4 more that wait')
  const told = desk.slack.sandbox.snapshot().messages.filter(({ text }) => text.startsWith('🌊'))
  expect(told).toHaveLength(1)
  expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
})

test('each is audited as what it is, and none of them is a gap that the auditor mends', async () => {
  const types = async (id: string) => (await desk.audit(id)).map(({ type }) => type)
  const gathered = await Promise.all(ids.slice(3).map(types))
  for (const events of gathered) expect(events).toContain('card.gathered')
  // Which of them is the first to be shown is no matter.
  expect(gathered.flat().filter((type) => type === 'flood.began')).toHaveLength(1)
  expect(await types(ids[2]!)).not.toContain('card.gathered')
  await desk.advance('10m')
  for (const id of ids) expect(await types(id)).not.toContain('auditor.repaired')
})

test('another agent, another channel and a calmer hour have cards of their own', async () => {
  const other = await desk.agent('report-bot')
  const [theirs] = await ask(1, 'refund', other)
  expect(cardOf(theirs!)).toBeDefined()
  await ask(2, 'deploy')
  expect(cardsOf('C_PLATFORM')).toHaveLength(2)
  const [calm] = await ask(1)
  expect(cardOf(calm!)).toBeDefined()
  expect(floods('C_FINANCE')).toHaveLength(1)
})

test('Open puts a request’s own card into the thread, where it is decided; the list follows', async () => {
  const id = ids[3]!
  const of = { channel: 'C_FINANCE', ts: flood().ts }
  const block_id = openIn(flood().blocks, id)!
  const act = { do: 'click' as const, as: 'U_BOB', action_id: 'flood_open', block_id, ...of }
  await desk.slack.sandbox.act(act)
  await desk.slack.sandbox.act(act)
  await desk.settle()
  expect(await desk.told('U_BOB', /into the thread/)).toBeDefined()
  const card = cardOf(id)!
  expect(card.thread_ts).toBe(of.ts)
  expect(words()).toContain('Its card is in the thread')
  expect(words()).toContain('0 of 1 approval, ends')

  await desk.click('U_DAVE', 'approve', card)
  await desk.told('U_DAVE', /Only members of finance can decide this/)
  const told = desk.slack.sandbox.snapshot().messages.filter(({ visible_to }) => visible_to === 'U_DAVE')
  expect(told.map(({ thread_ts }) => thread_ts)).toEqual([of.ts])

  await desk.click('U_BOB', 'approve', card)
  await desk.settle()
  expect((await agent.get(id)).status).toBe('approved')
  expect(cardOf(id)!.text).toMatch(/^Approved by/)
  expect(words()).toContain('11 waiting, 1 approved')
  const line = messages('C_FINANCE').find(({ text }) => text.includes('Approved by Bob Brandt.'))
  expect(line).toMatchObject({ thread_ts: of.ts, text: '“Refund 3”\n✅ Approved by Bob Brandt.' })
  const seen = (await desk.audit(id)).find(({ type }) => type === 'vote.cast')
  expect(seen?.data).toMatchObject({ seen: { ts: card.ts, channel: 'C_FINANCE' } })
})

test('all that wait stand in a form, page by page, with a way into each', async () => {
  await desk.click('U_ERIN', 'flood_list', flood())
  const listed = await desk.slack.sandbox.until(({ modals }) => modals.find(({ user }) => user === 'U_ERIN'))
  const { blocks } = listed.view as unknown as { blocks: unknown }
  for (const id of ids.slice(4)) expect(openIn(blocks, id)).toBeDefined()
  const block_id = openIn(blocks, ids[14]!)!
  const act = { do: 'click_in_view' as const, as: 'U_ERIN', view_id: listed.id, action_id: 'flood_open' }
  await desk.slack.sandbox.act({ ...act, block_id })
  const opened = await desk.slack.sandbox.until(({ modals }) =>
    modals.find(({ id, hash }) => id === listed.id && hash !== listed.hash),
  )
  expect(textsIn(opened.view).join('\n')).toContain('Its card is in the thread')
})

test('what ends otherwise is counted, and reminders come once for all of them', async () => {
  await desk.advance('5m')
  const chased = await ask(8, 'chased')
  expect(floods('C_FINANCE')).toHaveLength(2)
  await agent.send('POST', `/v1/approvals/${chased[7]}/cancel`, {})
  await desk.settle()
  expect(words()).toContain('4 waiting, 1 cancelled')
  await desk.advance('20m')
  const thread = messages('C_FINANCE').filter(({ thread_ts }) => thread_ts === flood().ts)
  expect(thread.map(({ text }) => text)).toEqual(['⏰ Here 4 requests wait still for finance.'])
  await desk.advance('9h')
  expect(words()).toContain('4 expired, 1 cancelled')
  expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
})
