import type { Flow } from '../flow/flow.ts'
import type { Budget, MessagePlace } from '../flow/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { slackFailure } from './failures.ts'

const minute = 60_000

/** `once` a minute evenly, and `more` at once after a rest: never more than both together in any minute. */
const aMinute = (name: string, once: number, more: number): Budget => ({
  name,
  every_ms: minute / once,
  ahead_ms: ((more - 1) * minute) / once,
})

/**
 * How often we call Slack at most, method by method, for this app in one workspace. From
 * https://docs.slack.dev/apis/web-api/rate-limits and the methods' own pages; windows are minutes. What people do
 * (forms, private answers, names) is not in here: it never waits, and has a client of its own.
 */
export const budgets = {
  /**
   * One a second in a channel. Slack lets short bursts pass, but promises neither to keep nor to show what comes in
   * them: a card must be seen, so there are none. Calls do not take equally long to get there: hence a bit slower, and
   * what comes late may be followed that much sooner.
   */
  post: (channel: string): Budget[] => [
    { name: `post:${channel}`, every_ms: 1_100, ahead_ms: 50 },
    // "Several hundred" a minute in the whole workspace; Slack names no number.
    aMinute('chat.postMessage', 300, 10),
  ],
  /** Tier 3, 50 a minute. What a click changes should be seen at once: a few at a time. */
  update: [aMinute('chat.update', 40, 10)],
  /** Tier 4, 100 a minute. Somebody's Home that changes all the time does so every few seconds, and leaves room for others'. */
  publish: (user: string): Budget[] => [aMinute(`home:${user}`, 12, 3), aMinute('views.publish', 80, 15)],
  /** Tier 3, 50 a minute; some are left for a search's further pages. */
  history: [aMinute('conversations.history', 30, 5)],
  replies: [aMinute('conversations.replies', 30, 5)],
}

/** What came of a call: it was made, or its turn is later. */
export type Called<T> = { made: true; answer: T } | { made: false; turn_at: Date }

/** Makes calls about messages when it is their turn, for all replicas together. */
export function createPace({ flow, clock, paced }: { flow: Flow; clock: Clock; paced: boolean }) {
  /** Throws what `call` throws, except that Slack wants fewer calls: then nobody calls until it said so. */
  async function inTurn<T>(
    place: MessagePlace,
    needed: Budget[],
    call: () => Promise<T>,
  ): Promise<Called<T>> {
    const turn = paced ? await flow.messages.turn(place, needed) : { go: true as const, place: null }
    if (!turn.go) return { made: false, turn_at: turn.turn_at }
    try {
      return { made: true, answer: await call() }
    } catch (error) {
      const failure = slackFailure(error)
      if (failure?.kind !== 'rate_limited') throw error
      const until = new Date(clock.now().getTime() + failure.retry_after_ms)
      // The first is the narrowest: one channel's limit holds up no other channel.
      const [budget] = needed
      if (paced && budget) await flow.messages.turnedAway(place, budget, { place: turn.place, until })
      return { made: false, turn_at: until }
    }
  }
  return { inTurn }
}

export type Pace = ReturnType<typeof createPace>
