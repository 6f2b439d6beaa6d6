import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// What is the matter with one card, or with one role, holds up no other card.

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_BOB, U_ERIN]}
  dissolved: {channel: C_DATA, members: [S_DISSOLVED]}
  platform: {channel: C_PLATFORM, members: [U_CAROL]}
  backup: {channel: C_PLATFORM, members: [U_FRANK], mention: members}
defaults:
  expires_in: 8h
  stages: [{role: platform, approvals: 1}]
rules:
  - name: refund
    when: action.tool == "refund"
    stages: [{role: finance, approvals: 1}]
    escalation: [{after: 10m, do: escalate, to: platform}, {after: 20m, do: remind}]
  - name: export
    when: action.tool == "export"
    stages: [{role: dissolved, approvals: 1}]
    escalation: [{after: 10m, do: escalate, to: platform}, {after: 20m, do: remind}]
  - name: shared
    when: action.tool == "shared"
    escalation: [{after: 10m, do: escalate, to: backup}]
`

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('refund-bot')
})
afterAll(() => desk.close())

const messages = () => desk.slack.sandbox.snapshot().messages
const cardIn = (channel: string, id: string) =>
  messages().find(
    (message) => message.channel === channel && message.metadata?.event_payload.approval_id === id,
  )!
const threadOf = (channel: string, id: string) =>
  messages().flatMap(({ channel: where, thread_ts, ts, text }) =>
    where === channel && thread_ts === cardIn(channel, id).ts && thread_ts !== ts ? [text] : [],
  )

test('a channel that takes no cards holds up neither the other card of the request nor its thread', async () => {
  desk.slack.sandbox.edit.archive('C_FINANCE', true)
  const { id } = await agent.ask({ tool: 'refund' })
  await desk.settle()
  await desk.advance('20m')
  expect(threadOf('C_PLATFORM', id)).toContainEqual(expect.stringContaining('Still waiting for'))
  await desk.click('U_CAROL', 'approve', cardIn('C_PLATFORM', id))
  await desk.settle()
  expect(cardIn('C_PLATFORM', id).text).toMatch(/^Approved by Carol Chen/)
  desk.slack.sandbox.edit.archive('C_FINANCE', false)
})

test('a user group that is gone is told of, and the role that is asked instead sees and decides as ever', async () => {
  const { id } = await agent.ask({ tool: 'export' })
  await desk.settle()
  expect((await agent.get(id)).stages[0]!.escalated_to).toEqual(['platform'])
  expect(threadOf('C_DATA', id)).toContainEqual(expect.stringContaining('Nobody can decide this right now'))
  await desk.advance('20m')
  expect(threadOf('C_PLATFORM', id)).toContainEqual(expect.stringContaining('Still waiting for'))
  await desk.click('U_CAROL', 'approve', cardIn('C_PLATFORM', id))
  await desk.settle()
  expect((await agent.get(id)).status).toBe('approved')
  for (const channel of ['C_DATA', 'C_PLATFORM'])
    expect(cardIn(channel, id).text).toMatch(/^Approved by Carol/)
})

test('two roles that share a channel share a card there', async () => {
  const { id } = await agent.ask({ tool: 'shared' })
  await desk.settle()
  await desk.advance('10m')
  const posted = () => messages().filter(({ metadata }) => metadata?.event_payload.approval_id === id)
  expect(posted().filter(({ metadata }) => metadata?.event_type === 'countersign_approval')).toHaveLength(1)
  expect(threadOf('C_PLATFORM', id)).toHaveLength(1)
  await desk.click('U_FRANK', 'approve', cardIn('C_PLATFORM', id))
  await desk.settle()
  expect(cardIn('C_PLATFORM', id).text).toMatch(/^Approved by Frank/)
})
