import type { AuditEvent } from '../../src/audit/index.ts'
import type { TestAgent } from './agent.ts'
import type { Desk } from './desk.ts'

export type Tried = Extract<AuditEvent, { type: 'callback.tried' }>

/** Asks for what the policy of the stories denies: decided at once, so that its callback is due at once. */
export async function askToBeDenied(agent: TestAgent, callback_url: string): Promise<string> {
  const drop = { tool: 'sql.execute', arguments: { query: 'drop table orders' } }
  const { id } = await agent.ask(drop, { callback: { url: callback_url } })
  return id
}

export async function triesOf(desk: Desk, approval_id: string): Promise<Tried[]> {
  const events = await desk.audit(approval_id)
  return events.filter((event): event is Tried => event.type === 'callback.tried')
}

/** The newest try, which there must be. */
export async function lastTry(desk: Desk, approval_id: string): Promise<Tried> {
  const last = (await triesOf(desk, approval_id)).at(-1)
  if (!last) throw new Error(`no callback of ${approval_id} was tried`)
  return last
}

/** Moves time to a moment of the audit, or so many milliseconds beside it, and lets what became due be done. */
export async function moveTo(desk: Desk, moment: string | null, beside_ms = 0): Promise<void> {
  if (moment === null) throw new Error('there is no next try')
  desk.clock.move(new Date(moment).getTime() + beside_ms - desk.clock.now().getTime())
  await desk.settle()
}
