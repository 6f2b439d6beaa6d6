import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [S_FINANCE], mention: group}
  platform: {channel: C_PLATFORM, members: [U_CAROL]}
  data:
    channel: C_DATA
    members: [U_FRANK]
    hours: {timezone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}
  nobody: {channel: C_GENERAL, members: [S_GHOSTS]}
defaults:
  stages: [{role: finance, approvals: 1}]
  expires_in: 4h
rules:
  - name: climbs
    when: action.tool == "climb"
    extend: 30m
    escalation:
      - {after: 10m, do: remind, every: 10m, at_most: 2}
      - {after: 30m, do: escalate, to: platform}
      - {after: 40m, do: mention}
      - {after: 50m, do: require, approvals: 2}
  - name: office-hours
    when: action.tool == "weekend"
    expires_in: 4d
    escalation: [{after: 1h, do: escalate, to: data}]
  - name: to-nobody
    when: action.tool == "lonely"
    stages: [{role: nobody, approvals: 1}]
    escalation: [{after: 1h, do: remind}, {after: 2h, do: escalate, to: platform}]
  - name: to-nobody-at-all
    when: action.tool == "hopeless"
    stages: [{role: nobody, approvals: 1}]
`

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('climbing-bot')
})
afterAll(() => desk.close())

const messages = () => desk.slack.sandbox.snapshot().messages
const cardsOf = (id: string) =>
  messages().filter(
    ({ metadata }) =>
      metadata?.event_type === 'countersign_approval' && metadata.event_payload.approval_id === id,
  )
const threadOf = (id: string, channel: string) => {
  const card = cardsOf(id).find((message) => message.channel === channel)
  return messages()
    .filter(
      (message) => message.thread_ts === card?.ts && message.channel === channel && message.ts !== card?.ts,
    )
    .map((message) => message.text)
}
const steps = async (id: string) =>
  (await desk.audit(id)).filter(({ type }) => type.startsWith('step.')).map(({ type }) => type)

test('a ladder is climbed rung by rung, each step once, in the thread and in the audit', async () => {
  const asked = await agent.ask({ tool: 'climb', summary: 'Climb' })
  expect((await desk.card(asked.id)).text).toContain('Climb')
  expect(JSON.stringify(cardsOf(asked.id))).toContain('<!subteam^S_FINANCE>')
  expect((await agent.get(asked.id)).escalation).toEqual({ level: 0, next_at: '2026-03-02T10:10:00.000Z' })

  await desk.advance('10m')
  expect(threadOf(asked.id, 'C_FINANCE')).toEqual([
    expect.stringMatching(/Still waiting for finance: 0 of 1 approval\..*Bob Brandt.*Erin Eze/),
  ])
  await desk.advance('10m')
  expect(await steps(asked.id)).toEqual(['step.reminded', 'step.reminded'])

  await desk.advance('10m')
  expect(await agent.get(asked.id)).toMatchObject({
    escalation: { level: 3 },
    stages: [{ escalated_to: ['platform'] }],
  })
  expect(cardsOf(asked.id).map(({ channel }) => channel)).toEqual(['C_FINANCE', 'C_PLATFORM'])
  expect(threadOf(asked.id, 'C_FINANCE').at(-1)).toMatch(/platform.* was asked too\. This card stays valid/)

  await desk.advance('10m')
  expect(threadOf(asked.id, 'C_PLATFORM').at(-1)).toContain('<!subteam^S_FINANCE> <@U_CAROL>')
  await desk.advance('10m')
  expect((await agent.get(asked.id)).stages[0]!.approvals).toBe(2)

  const [inFinance, inPlatform] = cardsOf(asked.id)
  await desk.click('U_BOB', 'approve', inFinance!)
  expect((await agent.get(asked.id)).status).toBe('pending')
  await desk.settle()
  await desk.click('U_CAROL', 'approve', inPlatform!)
  expect((await agent.get(asked.id)).status).toBe('approved')
  await desk.settle()
  for (const card of cardsOf(asked.id)) expect(JSON.stringify(card)).toContain('Approved')
})

test('approvers are warned at half and nine tenths of the time, one of them extends it once, and the owner is told of the end', async () => {
  const asked = await agent.ask({ tool: 'other' }, { expires_in: '100m' })
  await desk.advance('50m')
  await desk.advance('40m')
  expect(threadOf(asked.id, 'C_FINANCE').map((text) => text.slice(0, 6))).toEqual(['⌛ 50 %', '⌛ 90 %'])
  await desk.advance('10m')
  expect((await agent.get(asked.id)).status).toBe('expired')
  const owner = messages().filter(
    (message) => message.channel.startsWith('D') && message.text.includes(asked.id),
  )
  expect(owner.map(({ text }) => text)).toEqual([expect.stringContaining('has expired')])

  const extended = await agent.ask({ tool: 'climb' }, { expires_in: '20m' })
  const card = await desk.card(extended.id)
  expect(JSON.stringify(card)).toContain('Extend 30m')
  await desk.click('U_CAROL', 'extend', card)
  await desk.click('U_BOB', 'extend', card)
  await desk.settle()
  expect((await agent.get(extended.id)).expires_at).toBe(
    new Date(Date.parse(extended.expires_at) + 30 * 60_000).toISOString(),
  )
  expect(JSON.stringify(await desk.card(extended.id))).not.toContain('Extend 30m')
  await desk.advance('20m')
  expect((await agent.get(extended.id)).status).toBe('pending')
  await desk.advance('30m')
  expect((await agent.get(extended.id)).status).toBe('expired')
})

test('a step waits for the hours of the role that it asks, over a weekend with a change of clocks', async () => {
  // Friday before Germany's clocks go forward, 17:30 in Berlin.
  desk.clock.move(Date.parse('2026-03-27T16:30:00Z') - desk.clock.now().getTime())
  await desk.settle()
  const asked = await agent.ask({ tool: 'weekend' })
  expect(asked.escalation.next_at).toBe('2026-03-30T07:00:00.000Z')
  expect(JSON.stringify(await desk.card(asked.id))).toContain('Moves on to *data*')
  await desk.advance('2d')
  expect(await steps(asked.id)).not.toContain('step.escalated')
  desk.clock.move(Date.parse('2026-03-30T07:00:00Z') - desk.clock.now().getTime())
  await desk.settle()
  expect(cardsOf(asked.id).map(({ channel }) => channel)).toEqual(['C_FINANCE', 'C_DATA'])
})

test('an empty role is never waited for: the ladder moves on at once, admins and the agent are told', async () => {
  const asked = await agent.ask({ tool: 'lonely' })
  await desk.settle()
  expect(await agent.get(asked.id)).toMatchObject({
    status: 'pending',
    unreachable: null,
    stages: [{ escalated_to: ['platform'] }],
  })
  expect((await desk.audit(asked.id)).map(({ type }) => type)).toContain('stage.unreachable')
  expect(
    messages().some(
      ({ channel, text }) =>
        channel.startsWith('D') && text.includes(asked.id) && text.includes('nobody in nobody'),
    ),
  ).toBe(true)
  await desk.click(
    'U_CAROL',
    'approve',
    cardsOf(asked.id).find(({ channel }) => channel === 'C_PLATFORM')!,
  )
  expect((await agent.get(asked.id)).status).toBe('approved')

  const hopeless = await agent.ask({ tool: 'hopeless' })
  await desk.settle()
  expect((await agent.get(hopeless.id)).unreachable).toMatch(/nobody in nobody may approve it/)
})

test.each([
  [
    'archived',
    () => desk.slack.sandbox.edit.archive('C_FINANCE', true),
    () => desk.slack.sandbox.edit.archive('C_FINANCE', false),
    /is_archived/,
  ],
  [
    'without the bot',
    () => desk.slack.sandbox.edit.removeBot('C_FINANCE'),
    () => desk.slack.sandbox.edit.setMembers('C_FINANCE', everyone),
    /not_in_channel/,
  ],
])('a channel %s is told of, and the card is there once it is mended', async (_what, break_, mend, why) => {
  break_()
  const asked = await agent.ask({ tool: 'climb' })
  await desk.settle()
  expect((await desk.audit(asked.id)).find(({ type }) => type === 'stage.unreachable')?.data).toMatchObject({
    why: expect.stringMatching(why),
  })
  expect((await agent.get(asked.id)).stages[0]!.escalated_to).toEqual(['platform'])
  mend()
  await desk.advance('10m')
  expect(
    cardsOf(asked.id)
      .map(({ channel }) => channel)
      .sort(),
  ).toEqual(['C_FINANCE', 'C_PLATFORM'])
})

test('a ladder goes on where it was after a restart of everything', async () => {
  const asked = await agent.ask({ tool: 'climb' })
  await desk.advance('10m')
  await desk.app.stop()
  const other = await desk.replica()
  desk.clock.move(10 * 60_000)
  await other.idle()
  expect(
    (await other.ground.audit.events(asked.id)).filter(({ type }) => type === 'step.reminded'),
  ).toHaveLength(2)
})

const everyone = ['U_ALICE', 'U_BOB', 'U_CAROL', 'U_DAVE', 'U_ERIN', 'U_FRANK', 'U_COUNTERSIGN']
