import { expect, test } from '@jest/globals'
import { openDesk } from '../desk/desk.ts'

test('in Socket Mode clicks, forms and commands come over the socket, and nothing is served at /slack/events', async () => {
  const desk = await openDesk({ socket_mode: true })
  try {
    const agent = await desk.agent('socket-bot')
    const approved = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 5 } })
    expect(await desk.click('U_BOB', 'approve', await desk.card(approved.id))).toMatchObject({ ok: true })
    expect((await agent.get(approved.id)).status).toBe('approved')
    const rejected = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 6 } })
    expect(await desk.reject('U_ERIN', await desk.card(rejected.id), 'too late')).toMatchObject({ ok: true })
    expect((await agent.get(rejected.id)).status).toBe('rejected')
    expect(JSON.stringify(await desk.command('U_BOB', 'help'))).toContain('/countersign pending')
    expect((await fetch(`${desk.app.url}/slack/events`, { method: 'POST' })).status).toBe(404)
  } finally {
    await desk.close()
  }
})
