import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SeenApproval, TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { consume } from '../desk/permits.ts'
import { storyPolicy } from '../desk/policy.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({
    policy: storyPolicy.replace('expires_in: 1h', 'expires_in: 1h\n  outcome_within: 30m'),
  })
  agent = await desk.agent('refund-bot')
})
afterAll(() => desk.close())

const read = { tool: 'read.order', arguments: { order: '1881' } }
const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
const migrate = { tool: 'prod.migrate' }
const full = {
  status: 'failed',
  error: 'Stripe said <!here> *card_declined*',
  attempts: 3,
  duration_ms: 1_240.5,
  cost: { amount: '0.42', currency: 'USD' },
  tokens: { input: 1_200, output: 80 },
}
const report = (id: string, body: object = { status: 'succeeded' }) =>
  agent.send<SeenApproval & { type: string; approval: SeenApproval }>(
    'POST',
    `/v1/approvals/${id}/outcome`,
    body,
  )
const types = async (id: string) => (await desk.audit(id)).map(({ type }) => type)
/** What threads say of the outcome. */
const inThreads = (id: string) =>
  desk.slack.sandbox
    .snapshot()
    .messages.filter(
      ({ metadata, text }) =>
        metadata?.event_type === 'countersign_line' &&
        metadata.event_payload.approval_id === id &&
        text.includes('says the agent'),
    )

async function approved(action: object = refund, clicks = [['U_BOB', 0] as const]): Promise<SeenApproval> {
  const { id } = await agent.ask(action)
  for (const [who, stage] of clicks) await desk.click(who, 'approve', await desk.card(id, stage))
  await desk.settle()
  return agent.get(id)
}

describe('an outcome', () => {
  test('is kept with every figure, shown on the card and told in its thread, in the agent’s own words', async () => {
    const approval = await approved()
    await consume(agent, approval, { execution_id: 'exec_1' })
    const { status, body } = await report(approval.id, full)
    expect(status).toBe(200)
    const outcome = { ...full, at: desk.clock.now().toISOString() }
    expect(body).toMatchObject({ id: approval.id, status: 'approved', outcome })
    expect((await agent.get(approval.id)).outcome).toEqual(outcome)
    const reported = (await desk.audit(approval.id)).findLast(({ type }) => type === 'outcome.reported')
    expect(reported).toMatchObject({
      data: { ...full, execution_id: 'exec_1' },
    })

    const card = await desk.card(approval.id)
    expect(JSON.stringify(card.blocks)).toContain('❌ Failed')
    expect(JSON.stringify(card.blocks)).toContain('card_declined')
    expect(JSON.stringify(card.blocks)).toContain('3 attempts')
    const [line, ...more] = inThreads(approval.id)
    expect(more).toEqual([])
    expect(line).toMatchObject({ channel: card.channel, thread_ts: card.ts })
    expect(line?.text).toBe(
      '❌ It failed, says the agent (3 attempts, 1.2 s, 0.42 USD, 1200 tokens in, 80 out).\nStripe said &lt;!here&gt; *card_declined*',
    )
    expect(JSON.stringify(line?.blocks)).toContain(`"type":"plain_text","text":"${full.error}"`)
  })

  test('reported again is answered the same, and another one is refused', async () => {
    const { id } = await approved()
    const first = await report(id, full)
    expect(await report(id, full)).toMatchObject({ status: 200, body: { outcome: first.body.outcome } })
    expect(await report(id)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:countersign:problem:outcome-reported',
        approval: { outcome: { status: 'failed' } },
      },
    })
    expect((await types(id)).filter((type) => type === 'outcome.reported')).toHaveLength(1)
  })

  test('of several at once, one is kept', async () => {
    const { id } = await approved()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => report(id, { status: 'failed', attempts: i })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9)
  })

  test('of what the policy allowed is kept, and nobody in Slack is shown anything', async () => {
    const { id } = await agent.ask(read)
    expect((await report(id)).status).toBe(200)
    await desk.settle()
    expect(inThreads(id)).toEqual([])
  })

  test('is told once in each channel in which it was decided', async () => {
    const approval = await approved(migrate, [
      ['U_CAROL', 0],
      ['U_BOB', 1],
    ] as never)
    expect(approval.status).toBe('approved')
    await report(approval.id)
    await desk.settle()
    expect(
      inThreads(approval.id)
        .map(({ channel }) => channel)
        .sort(),
    ).toEqual(['C_FINANCE', 'C_PLATFORM'])
  })

  test('of what was never approved, or is not there, or is another agent’s, is refused', async () => {
    const waiting = await agent.ask(refund)
    const denied = await agent.ask({ tool: 'sql.execute', arguments: { query: 'drop table a' } })
    for (const { id, status } of [waiting, denied])
      expect(await report(id)).toMatchObject({
        status: 409,
        body: { type: 'urn:countersign:problem:not-approved', approval: { status } },
      })
    expect((await report('apr_01k00000000000000000000000')).status).toBe(404)
    const stranger = await desk.agent('stranger-bot')
    const theirs = await stranger.ask(read)
    expect((await report(theirs.id)).status).toBe(404)
  })

  test('of what was withdrawn is kept all the same, and the thread says what it means', async () => {
    const { id } = await approved()
    const { admin } = desk.app.ground
    await admin.freeze({ agent: 'refund-bot', reason: 'a leak' }, { type: 'operator' })
    await desk.settle()
    await admin.unfreeze({ agent: 'refund-bot' }, { type: 'operator' })
    expect(await report(id)).toMatchObject({ status: 200, body: { withdrawn: { reason: 'a leak' } } })
    await desk.settle()
    expect(inThreads(id).at(-1)?.text).toMatch(/^☑ It succeeded, says the agent\. It had been withdrawn\.$/)
  })
})

describe('an outcome that the policy awaits and that does not come', () => {
  const asked = (id: string) =>
    desk.slack.sandbox
      .snapshot()
      .messages.filter(({ text }) => text.includes('has not said what came of') && text.includes(id))
      .map(({ text }) => text)

  test('is asked for once, of the agent’s owner, also with a second replica', async () => {
    await desk.replica()
    const [silent, used, told] = [await approved(), await agent.ask(read), await agent.ask(read)]
    await consume(agent, used, { execution_id: 'exec_9' })
    await report(told.id)
    const ids = [silent.id, used.id, told.id]
    await desk.advance('29m')
    expect(ids.flatMap(asked)).toEqual([])
    await desk.advance('1m')
    expect(ids.flatMap(asked)).toEqual([
      expect.stringContaining('Its permit was not used.'),
      expect.stringContaining('Its permit was used.'),
    ])
    await desk.advance('3h')
    expect(ids.flatMap(asked)).toHaveLength(2)
    expect((await types(silent.id)).filter((type) => type === 'outcome.missed')).toHaveLength(1)
    expect((await types(told.id)).filter((type) => type === 'outcome.missed')).toEqual([])
    expect((await report(silent.id)).status).toBe(200)
  })

  test('is found by the auditor where its timer was lost', async () => {
    const { id } = await agent.ask(read)
    const { pool } = desk.app.ground.database
    await pool.query(`delete from job where kind = 'timer' and payload->>'approval_id' = $1`, [id])
    await desk.advance('30m')
    expect(asked(id)).toEqual([])
    await desk.advance('3m')
    await desk.advance('1m')
    expect(await types(id)).toEqual(expect.arrayContaining(['auditor.repaired', 'outcome.missed']))
    expect(asked(id)).toHaveLength(1)
    const { rows } = await pool.query('select due_at from approval where id = $1', [id])
    expect(rows).toEqual([{ due_at: null }])
  })
})
