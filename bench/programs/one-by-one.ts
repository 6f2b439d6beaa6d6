import { createSender } from '../../src/callback/index.ts'
import { layGround } from '../../src/ground.ts'
import { readConfig } from '../../src/platform/config.ts'
import { createLog } from '../../src/platform/log.ts'
import { answerEach, setting } from './said.ts'

// Sends callbacks as the product does, by its own parts: read, sent, recorded. But one after the other.

const { env } = setting as { env: Record<string, string> }
const read = readConfig(env)
if ('faults' in read) throw new Error(read.faults.join())
const { flow, clock } = await layGround(read.config, createLog('silent'))
const sender = createSender({ allowed_hosts: ['127.0.0.1'], allow_loopback: true, clock, version: 'bench' })

answerEach(async (message) => {
  const { ids } = message as { ids: string[] }
  for (const id of ids) {
    const callback = await flow.dueCallback(id)
    if (!callback) throw new Error(`callback ${id} is not due`)
    const { retry_after_ms: _counted, ...tried } = await sender.send({ ...callback, at: clock.now() })
    if (tried.outcome !== 'delivered') throw new Error(String(tried.error))
    await flow.recordCallbackTry(callback, { ...tried, callback_status: 'delivered', next_at: null })
  }
  return { delivered: ids.length }
})
