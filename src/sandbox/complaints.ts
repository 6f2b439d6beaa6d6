import type { SandboxClock } from './clock.ts'
import type { Complaint } from './protocol.ts'

/** Older ones are forgotten beyond this many. */
const kept = 500

/** What the app did that Slack's users would have seen as a failure, newest last. */
export type Complaints = { add(what: string, detail: string): void; list(): Complaint[] }

export function createComplaints(clock: SandboxClock, touch: () => void): Complaints {
  let list: Complaint[] = []
  return {
    add(what, detail) {
      list = [...list.slice(-kept + 1), { at: clock.now().toISOString(), what, detail }]
      touch()
    },
    list: () => list,
  }
}
