import pino from 'pino'
import type { Fact } from '../../src/approval/events.ts'
import { sealPass } from '../../src/audit/log/seal.ts'
import { eventRows } from '../../src/flow/record.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createSeal } from '../../src/platform/seal.ts'
import { appendEvents, appending, lockEvents } from '../../src/store/append-events.ts'
import { appendAdminEvents } from '../../src/store/chain.ts'
import { openDatabase, recording } from '../../src/store/database.ts'
import { closedLoop } from './closed-loop.ts'
import { answerEach, setting } from './said.ts'

// Writers of audit events, each of which adds one event after the other, in a transaction of its own. Chained for each approval, as the
// product does; the same without any hashing; and in one chain for all, as the product does for what belongs to no approval.

export type Appending = 'chains' | 'sealed' | 'unhashed' | 'one_chain'

const { url, writers, approvals } = setting as { url: string; writers: number; approvals: number }
const clock = systemClock()
const database = openDatabase(url, pino({ level: 'silent' }), { max_connections: writers + 1 })
const seal = createSeal(Buffer.alloc(32, 7))

const posted: Fact = {
  type: 'card.posted',
  actor: { type: 'countersign' },
  data: {
    stage: 0,
    role: 'finance',
    channel: 'C_FINANCE',
    ts: '1764061974.000200',
    shown: 'c48c7d31bd855abc78e69a8b085c64241972f319bfe1a7318b0f24f01a4482bc',
    revision: 1,
    status: 'pending',
  },
}
const noHash = Buffer.alloc(32)

/** Each writer has approvals of its own, and goes from one to the next. */
const turns = Array.from({ length: writers }, () => 0)
const nextApproval = (writer: number) => {
  const each = Math.floor(approvals / writers)
  return `apr_${writer * each + (turns[writer]!++ % each) + 1}`
}

const append: Record<Appending, (writer: number) => Promise<unknown>> = {
  chains: chained,
  sealed: chained,
  unhashed: (writer) =>
    recording(database, async (client) => {
      const id = nextApproval(writer)
      const { rows } = await client.query<{ events: number }>({ ...lockEvents, values: [id] })
      const at = clock.now()
      const events = eventRows(id, [posted], rows[0]!.events + 1, at)
      await client.query(
        appending(id, at, { events: events.map((event) => ({ ...event, hash: noHash })), head: noHash }, []),
      )
    }),
  one_chain: (writer) =>
    recording(database, (client) => {
      const at = clock.now()
      return appendAdminEvents(client, at, eventRows(nextApproval(writer), [posted], 1, at))
    }),
}

function chained(writer: number): Promise<unknown> {
  const id = nextApproval(writer)
  return appendEvents(database, id, clock.now, (next_seq, at) => ({
    events: eventRows(id, [posted], next_seq, at),
  }))
}

answerEach(async (message) => {
  const { arm, seconds } = message as { arm: Appending; seconds: number }
  let writing = true
  const sealing = arm === 'sealed' ? sealWhile(() => writing) : Promise.resolve()
  const load = await closedLoop(writers, seconds, async (worker) => void (await append[arm](worker)))
  writing = false
  await sealing
  return load
})

/** As the product's sealer does: a pass each 0.3 s. */
async function sealWhile(isWriting: () => boolean): Promise<void> {
  while (isWriting()) {
    await sealPass({ database, clock, seal })
    await clock.sleep(new Date(clock.now().getTime() + 300))
  }
}
