import type { Logger } from 'pino'
import type { Audit } from '../audit/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { Posts } from './posts.ts'
import { checkpointMessage } from './views/checkpoint.ts'

/** Shows the audit log's checkpoints in a channel, where its database's owner cannot take them back. */
export function createCheckpoints(parts: {
  posts: Posts
  flow: Flow
  audit: Audit
  clock: Clock
  log: Logger
  /** Null where none is named. */
  channel: string | null
  every_ms: number
}) {
  const { posts, flow, audit, clock, log, channel, every_ms } = parts

  /** The newest one, if the log has grown since the last; and asks for the next time. */
  async function show(): Promise<Again | void> {
    if (channel === null) return
    const next: Again = {
      again_at: new Date(clock.now().getTime() + every_ms),
      because: 'the next checkpoint',
    }
    const due = await audit.checkpointToShow()
    if (!due) return next
    const { size, note, shown_before } = due
    // The same place until it is shown, however often that is tried and however the log grows meanwhile.
    const place = { approval_id: `log:${shown_before}`, key: 'checkpoint', channel }
    const [known] = (await flow.messages.of(place.approval_id)).filter((row) => row.channel === channel)
    const rendered = checkpointMessage(note, size, shown_before)
    const posted = await posts.put(place, known, rendered, { in: 'channel', anew: true })
    if (!posted.ok) {
      const { failure } = posted
      if (failure && failure.kind !== 'waits')
        log.warn({ channel, failure }, 'a checkpoint could not be shown')
      return (failure && again([failure], clock.now(), null)) ?? next
    }
    await flow.messages.record(place, posted.ts, sha256Hex(rendered.text))
    await audit.checkpointShown(size)
    return next
  }

  return { show }
}
