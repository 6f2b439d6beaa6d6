import type { SandboxClock } from './clock.ts'
import type { Complaints } from './complaints.ts'
import type { Ack, Delivery } from './delivery.ts'
import { slackId } from './identifiers.ts'
import { limits } from './limits.ts'
import type { Installation } from './seed.ts'

/** `subscription` is the name in the app's manifest: a `message` event is `message.im` or `message.channels` there. */
export type Events = {
  emit(subscription: string, event: Record<string, unknown>): Promise<Ack | null>
  /** Gives up what is still to be tried again. */
  close(): void
}

const reasons = {
  timeout: 'http_timeout',
  unreachable: 'connection_failed',
  http_error: 'http_error',
} as const

/** Sends events to the app; what it does not acknowledge comes again, three times, on the clock. */
export function createEvents(
  team: Installation,
  clock: SandboxClock,
  delivery: Delivery,
  complaints: Complaints,
): Events {
  const closing = new AbortController()

  async function send(payload: unknown, attempt: number, reason: string | null): Promise<Ack> {
    const retry = reason === null ? {} : { retry_attempt: attempt, retry_reason: reason }
    return await delivery.send({ type: 'events_api', payload, accepts_response_payload: false, ...retry })
  }

  async function again(payload: unknown, subscription: string, first: Ack): Promise<void> {
    let last = first
    for (const [index, wait_ms] of limits.event_retry_after_ms.entries()) {
      if (last.ok || last.no_retry) return
      await clock.sleep(new Date(clock.now().getTime() + wait_ms), closing.signal)
      if (closing.signal.aborted) return
      last = await send(payload, index + 1, reasons[last.reason])
    }
    if (!last.ok) complaints.add('event_lost', `${subscription}: ${last.detail}, also when it came again`)
  }

  return {
    /** The first try's ack; null where the app is not subscribed. */
    async emit(subscription, event) {
      if (!team.events.includes(subscription)) return null
      const payload = {
        token: 'sandbox',
        team_id: team.id,
        context_team_id: team.id,
        api_app_id: team.app_id,
        event,
        type: 'event_callback',
        event_id: slackId('Ev'),
        event_time: Math.floor(clock.now().getTime() / 1000),
        is_ext_shared_channel: false,
        authorizations: [
          {
            enterprise_id: null,
            team_id: team.id,
            user_id: team.bot_user_id,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
      }
      const ack = await send(payload, 0, null)
      if (!ack.ok) {
        complaints.add('event_not_acknowledged', `${subscription}: ${ack.detail}`)
        void again(payload, subscription, ack)
      }
      return ack
    },
    close: () => closing.abort(),
  }
}
