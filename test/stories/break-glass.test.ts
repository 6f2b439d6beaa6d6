import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy: `${storyPolicy}\nbreak_glass: [U_FRANK, U_DAVE]\n` })
  agent = await desk.agent('night-bot')
})
afterAll(() => desk.close())

const migrate = { tool: 'prod.migrate', summary: 'Restore the orders' }
/** What was posted about broken glass in a channel, or to a person. */
const said = (channel: string) =>
  desk.slack.sandbox
    .calls('chat.postMessage')
    .filter(({ args }) => args.channel === channel && !args.thread_ts)
    .filter(({ args }) => String(args.text).includes('Break glass'))
    .map(({ args }) => args.text)

/** Presses the button on the newest card, and fills in the form if there is one. */
async function breakGlass(who: string, id: string, reason: string) {
  const card = await desk.card(id)
  const told = desk.toldPrivately(who).length
  expect((await desk.click(who, 'break_glass', card)).ok).toBe(true)
  const opened = await desk.slack.sandbox.until(
    ({ modals }) => modals.find(({ user }) => user === who) ?? desk.toldPrivately(who)[told],
  )
  if (typeof opened === 'string') return opened
  const values = { reason: { reason: { type: 'plain_text_input', value: reason } } }
  await desk.slack.sandbox.act({ do: 'submit', as: who, view_id: opened.id, values })
  return null
}

test('somebody whom the policy names approves alone; the admins and every channel of the plan are told', async () => {
  const { id } = await agent.ask(migrate)
  expect(await breakGlass('U_FRANK', id, 'the shop is down')).toBeNull()
  await desk.settle()

  expect(await agent.get(id)).toMatchObject({
    status: 'approved',
    decision: { by: { slack_user_id: 'U_FRANK' }, reason: 'Break glass: the shop is down' },
  })
  for (const channel of ['C_PLATFORM', 'C_FINANCE', 'U_ALICE'])
    expect(said(channel)).toEqual([
      expect.stringMatching(/Frank.*platform and finance.*the shop is down.*\n“Restore the orders”/),
    ])
  expect((await desk.audit(id)).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['form.opened', 'glass.broken', 'approval.approved']),
  )
})

test('nobody else can, nor who owns the agent, and each try is in the audit', async () => {
  const { id } = await agent.ask(migrate)
  expect(await breakGlass('U_CAROL', id, 'me too')).toContain('break_glass')
  expect(await breakGlass('U_DAVE', id, 'mine')).toContain('You own the agent')
  expect((await agent.get(id)).status).toBe('pending')
  expect((await desk.audit(id)).filter(({ type }) => type === 'click.refused')).toMatchObject([
    { data: { click: 'break_glass', because: 'not_named' } },
    { data: { click: 'break_glass', because: 'own_agent' } },
  ])
})
