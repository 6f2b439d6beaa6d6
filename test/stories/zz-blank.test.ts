import { test } from '@jest/globals'
import { openDesk } from '../desk/desk.ts'
test('blank', async () => {
  const desk = await openDesk()
  const agent = await desk.agent('b')
  const log = (...a: unknown[]) => process.stderr.write('PROOF ' + JSON.stringify(a) + '\n')
  const act = { tool: 'stripe.refund', arguments: { amount: 1 } }
  for (const more of [{ }, { environment: ' ' }, { run_id: ' ' }, { subject: { type: ' ', id: ' ' } }, { links: [{ title: ' ', url: 'https://x.example/' }] }, { metadata: { ' ': '', b: '' } }, {links:[{title:'\u200b', url:'https://x.example'}]}, {before:{}}, {before:{'':''}} ]) {
    const { id } = await agent.ask(act, more)
    await desk.settle()
    log(more, (await desk.audit(id)).map((e) => e.type === 'card.failed' ? [e.type, e.data] : e.type))
  }
  for (const s of ['', '  ', '\n', '\u200b', '\u3164'])  {
    const { id } = await agent.ask({...act, summary: s, justification: s, arguments: {amount: 1, '': '', ' ': ' '} })
    await desk.settle()
    log(s, (await desk.audit(id)).map((e) => e.type === 'card.failed' ? [e.type, e.data] : e.type))
  }
  const { id } = await agent.ask(act)
  await desk.settle()
  await agent.send('POST', `/v1/approvals/${id}/cancel`, { reason: ' ' })
  await desk.settle()
    log('cancel', (await desk.audit(id)).map((e) => e.type === 'card.failed' ? [e.type, e.data] : e.type))
  await desk.close()
})
