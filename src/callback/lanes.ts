import type { Clock } from '../platform/clock.ts'
import { afterTry, closedBreaker, opensAt } from './breaker.ts'
import type { Breaker, Sign } from './breaker.ts'
import type { Attempt } from './send.ts'

/** What `run` did: made the try, or only says when to come again. The latter is no try, and counts as none. */
export type Turn = { ran: true; attempt: Attempt } | { ran: false; until: Date }

export type Lanes = { run(url: string, attempt: () => Promise<Attempt>): Promise<Turn> }

type Lane = {
  running: number
  /** How many tries may run at once. */
  width: number
  breaker: Breaker
  /** The time between two places in the queue: about how often a try of this lane ends. */
  step_ms: number
  /** The last place given away. */
  last_place: Date
}

/** An endpoint that has not answered yet gets a few tries at once, one that answers more and more. */
const firstWidth = 4

/**
 * Halved at each failure it is down to one before the breaker opens (`failuresToOpen`), so that after the cool-down a
 * single try goes out as the probe.
 */
const widest = 16

/** Nobody is sent away for longer than this beyond what the breaker asks: the endpoint may do better than thought. */
const longestQueueMs = 60_000

/** Lanes remembered, about 200 bytes each. The least recently used idle one is forgotten first. */
const mostLanes = 10_000

/**
 * Bounds what one endpoint (scheme, host and port) can hold up in this process, so that a dead or slow one slows
 * nobody else: a width that grows as it answers and shrinks as it does not, and a breaker. In memory only: each
 * replica learns for itself.
 *
 * Who is sent away gets a place of their own in time, so that a thousand callbacks for one endpoint do not all come
 * back at the same moment to be sent away again.
 */
export function createLanes({ clock }: { clock: Clock }): Lanes {
  const lanes = new Map<string, Lane>()

  function laneOf(url: string): Lane {
    const key = URL.parse(url)?.origin ?? 'not a URL'
    const lane = lanes.get(key) ?? newLane()
    lanes.delete(key)
    lanes.set(key, lane)
    if (lanes.size > mostLanes) forgetOldestIdle()
    return lane
  }

  function newLane(): Lane {
    return { running: 0, width: firstWidth, breaker: closedBreaker, step_ms: 10, last_place: clock.now() }
  }

  function forgetOldestIdle() {
    for (const [key, lane] of lanes)
      if (lane.running === 0) {
        lanes.delete(key)
        return
      }
  }

  return {
    async run(url, attempt) {
      const lane = laneOf(url)
      const began = clock.now()
      const opens_at = opensAt(lane.breaker, began)
      if (opens_at > began || lane.running >= lane.width) return { ran: false, until: place(lane, opens_at) }

      lane.running += 1
      let sign: Sign = 'none'
      try {
        const made = await attempt()
        sign = signOf(made)
        return { ran: true, attempt: made }
      } finally {
        lane.running -= 1
        const ended = clock.now()
        lane.breaker = afterTry(lane.breaker, sign, ended)
        if (sign === 'alive') lane.width = Math.min(lane.width * 2, widest)
        if (sign === 'dead') lane.width = Math.max(Math.floor(lane.width / 2), 1)
        lane.step_ms = between(10, (ended.getTime() - began.getTime()) / lane.width, 1_000)
      }
    },
  }
}

/** The next place in the lane's queue, from when it opens on. */
function place(lane: Lane, opens_at: Date): Date {
  const opens = opens_at.getTime()
  const next = Math.max(opens, lane.last_place.getTime()) + lane.step_ms
  lane.last_place = new Date(Math.min(next, opens + longestQueueMs))
  return lane.last_place
}

function signOf({ outcome, status }: Attempt): Sign {
  if (outcome === 'refused' || status === 429) return 'none'
  return status === null || status >= 500 ? 'dead' : 'alive'
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
