import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { tell } from '../../src/audit/story.ts'
import { createAgent, type TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// Rules that look at what was allowed before, on two replicas and a real database.

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_ALICE, S_FINANCE]}
defaults: {stages: [{role: finance, approvals: 1}]}
history:
  refunded_today: {sum: action.arguments.amount, tool: stripe.refund, by: agent, within: 24h}
  exports_in_run: {count: true, tool: customers.export, by: run, within: 1d}
  mails_in_run: {count: true, tool: mail.*, by: run, within: 1d}
rules:
  - name: daily-refund-limit
    when: action.tool == "stripe.refund" && history.refunded_today + action.arguments.amount > 1000
    expires_in: 2h
  - name: refunds
    when: action.tool == "stripe.refund" && action.arguments.amount > 0
    effect: allow
  - name: mail-after-export
    when: action.tool.startsWith("mail.") && history.exports_in_run > 0
  - name: export-after-mail
    when: action.tool == "customers.export" && history.mails_in_run > 0
  - name: rest
    effect: allow
`

let desk: Desk
let elsewhere: string
beforeAll(async () => {
  desk = await openDesk({ policy })
  elsewhere = (await desk.replica()).url
})
afterAll(() => desk.close())

const refund = (amount: unknown) => ({ tool: 'stripe.refund', arguments: { amount } })
const asked = async (agent: TestAgent, amount: unknown) => {
  const { status, policy } = await agent.ask(refund(amount))
  return `${status} by ${policy.rule}`
}
/** The same agent, asking at each replica. */
async function twice(name: string): Promise<[TestAgent, TestAgent]> {
  const here = await desk.agent(name)
  return [here, createAgent(elsewhere, here)]
}

test('two requests at once, through two replicas, a hundred times: exactly one slips under the limit', async () => {
  for (let round = 0; round < 100; round++) {
    const agents = await twice(`racer-${round}`)
    const came_to = await Promise.all(agents.map((agent) => asked(agent, 600)))
    expect(new Set(came_to)).toEqual(new Set(['approved by refunds', 'pending by daily-refund-limit']))
  }
})

test('sixty requests at once, through two replicas: as many as fit under the limit, and not one more', async () => {
  const agents = await twice('crowd')
  const came_to = await Promise.all(Array.from({ length: 60 }, (_, turn) => asked(agents[turn % 2]!, 90)))
  expect(came_to.filter((one) => one === 'approved by refunds')).toHaveLength(11)
  expect(came_to.filter((one) => one === 'pending by daily-refund-limit')).toHaveLength(49)
})

test('two rules that look at one another’s tool, asked at once: never both go through', async () => {
  for (let round = 0; round < 40; round++) {
    const [here, there] = await twice(`skew-${round}`)
    const run = { run_id: 'run_1' }
    const both = await Promise.all([
      here.ask({ tool: 'mail.send' }, run),
      there.ask({ tool: 'customers.export' }, run),
    ])
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set(['approved', 'pending']))
  }
})

test('what waits is reserved until it is rejected, taken back or expired; what people approve counts', async () => {
  const agent = await desk.agent('patient')
  expect(await asked(agent, 700)).toBe('approved by refunds')
  const waiting = await agent.ask(refund(300.01))
  expect(waiting.policy.rule).toBe('daily-refund-limit')
  expect(await asked(agent, 1)).toBe('pending by daily-refund-limit')

  await desk.reject('U_BOB', await desk.card(waiting.id), 'too much')
  await desk.settle()
  expect(await asked(agent, 299)).toBe('approved by refunds')

  const taken_back = await agent.ask(refund(500))
  await agent.send('POST', `/v1/approvals/${taken_back.id}/cancel`, {})
  const expired = await agent.ask(refund(500))
  await desk.advance('2h')
  expect((await agent.get(expired.id)).status).toBe('expired')
  // 999 by rules; the request for 1 above has expired too.
  expect(await asked(agent, 1)).toBe('approved by refunds')

  const approved = await agent.ask(refund(50))
  await desk.click('U_BOB', 'approve', await desk.card(approved.id))
  await desk.settle()
  expect((await agent.get(approved.id)).status).toBe('approved')
  await desk.advance('21h')
  expect(await asked(agent, 1)).toBe('pending by daily-refund-limit')
})

test('the window moves with the clock', async () => {
  const agent = await desk.agent('steady')
  expect(await asked(agent, 1_000)).toBe('approved by refunds')
  desk.clock.move(24 * 3_600_000 - 1)
  expect(await asked(agent, 1)).toBe('pending by daily-refund-limit')
  desk.clock.move(1)
  expect(await asked(agent, 999)).toBe('approved by refunds')
})

test('the same request twice is one, and counts once', async () => {
  const agents = await twice('repeating')
  const body = { action: refund(600) }
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, turn) =>
      agents[turn % 2]!.send('POST', '/v1/approvals', body, { 'idempotency-key': 'order-1' }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(answers[0]!.body.status).toBe('approved')
  expect(await asked(agents[0], 400)).toBe('approved by refunds')
})

test('a number that cannot be added up fails closed, and so does a request that names no run', async () => {
  const agent = await desk.agent('odd')
  const text = await agent.ask(refund('all of it'))
  expect(text.status).toBe('pending')
  const next = await agent.ask(refund(1))
  expect(next.policy.rule).toBe('daily-refund-limit')
  const [event] = await desk.audit(next.id)
  expect(event).toMatchObject({
    type: 'approval.requested',
    data: {
      evaluation: {
        history: { refunded_today: null },
        faults: [
          {
            rule: 'daily-refund-limit',
            detail:
              'history.refunded_today is not known: 1 of the 1 approvals that count have no number at action.arguments.amount',
          },
        ],
      },
    },
  })
  const nowhere = await agent.ask({ tool: 'mail.send' })
  expect(nowhere.policy.rule).toBe('mail-after-export')
  expect(tell((await desk.audit(nowhere.id))[0]!)).toContain(
    'history.exports_in_run is not known: the request names no run_id',
  )
})

test('the audit says what a rule saw, for those who were not there', async () => {
  const agent = await desk.agent('watched')
  await agent.ask(refund(640.5))
  const { id } = await agent.ask(refund(500))
  const [event] = await desk.audit(id)
  expect(event).toMatchObject({ data: { evaluation: { history: { refunded_today: 640.5 }, faults: [] } } })
  expect(tell(event!)).toContain(
    'rule daily-refund-limit: require_approval by 1 of finance. It saw refunded_today = 640.5',
  )
})

test('a freeze gives nobody a fresh limit', async () => {
  const [here, there] = await twice('frozen')
  expect(await asked(here, 1_000)).toBe('approved by refunds')
  await desk.command('U_ALICE', 'freeze frozen odd things happen')
  await desk.settle()
  for (const agent of [here, there])
    expect(await agent.ask(refund(1))).toMatchObject({
      status: 'rejected',
      decision: { by: { type: 'freeze' } },
    })
  await desk.command('U_ALICE', 'unfreeze frozen')
  await desk.settle()
  expect(await asked(there, 1)).toBe('pending by daily-refund-limit')
})

test('a limit that is saved counts for the very next request, with all that was allowed before it', async () => {
  const [here, there] = await twice('tightened')
  expect(await asked(here, 600)).toBe('approved by refunds')
  const file = join(desk.app.ground.data_dir, 'tighter.yaml')
  await writeFile(file, policy.replace('> 1000', '> 500').replaceAll('refunded_today', 'paid_back'))
  expect(await commandLine(desk, 'policy', 'apply', file, '--note', 'less')).toMatchObject({ code: 0 })
  for (const agent of [here, there]) expect(await asked(agent, 1)).toBe('pending by daily-refund-limit')
})
