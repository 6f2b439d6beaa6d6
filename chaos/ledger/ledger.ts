import type { Stopped } from '../world/replica.ts'
import type { Intent } from '../crowd/intents.ts'

// What the suite knows by itself: what it asked, what it was answered, what was clicked and what arrived. The app's own
// records are only ever compared with this.

/** One click, or one form sent. */
export type Click = {
  who: string
  what: 'approve' | 'open_form' | 'reject'
  /** Whether Slack got its acknowledgement. */
  acked: boolean
  form_opened: boolean
  /** The form became words that say why nothing came of it. */
  told_in_form: boolean
  began: number
  ended: number
}

export type Cancel = { answer: 'cancelled' | 'already decided' | null }

/** One approval from the agent's side. */
export type Entry = {
  intent: Intent
  /** Null until a request for it was acknowledged. */
  id: string | null
  /** Requests sent for it, the repeated ones too. */
  requests: number
  cancel: Cancel | null
  /** Every end that an agent was told of, by whatever answer. */
  ends: Set<string>
  clicks: Click[]
}

/** Everything that came to the agents' servers for one approval. */
export type Received = {
  /** webhook-id → SHA-256 of the bodies that came with it. */
  bodies: Map<string, Set<string>>
  /** The types and statuses that the bodies told. */
  ends: Set<string>
  tries: number
  /** How often it was answered with a 2xx that went out whole. */
  taken: number
  wrong: string[]
}

/** A time in which something was broken on purpose. */
export type Window = { what: string; from: number; to: number }

export function createLedger() {
  const entries: Entry[] = []
  const byId = new Map<string, Entry>()
  const waiting = new Map<string, ((entry: Entry) => void)[]>()
  const received = new Map<string, Received>()
  const windows: Window[] = []
  /** For each person, when they were told something that nobody else sees. */
  const told: Record<string, number[]> = {}
  /** What nothing that was broken excuses, in words. */
  const faults: string[] = []
  const counts: Record<string, number> = {}
  /** One whole example of what is only counted. */
  const examples = new Map<string, string>()
  /** How each stop on SIGTERM went. */
  const stops: Stopped[] = []
  /** Milliseconds from a process's start until it took requests. */
  const starts_ms: number[] = []
  /** How late timeouts were, and how far the audit's times step back within an approval. */
  const late_ms: number[] = []
  const back_ms: number[] = []

  return {
    entries,
    byId,
    received,
    windows,
    told,
    faults,
    counts,
    examples,
    stops,
    starts_ms,
    late_ms,
    back_ms,
    count(what: string, by = 1) {
      counts[what] = (counts[what] ?? 0) + by
    },
    enter(intent: Intent): Entry {
      const entry = { intent, id: null, requests: 0, cancel: null, ends: new Set<string>(), clicks: [] }
      entries.push(entry)
      return entry
    },
    /** An answer named the approval's id: it must be the same each time. */
    acknowledged(entry: Entry, id: string) {
      if (entry.id !== null && entry.id !== id)
        faults.push(`one idempotency key was answered with ${entry.id} and with ${id}`)
      if (entry.id !== null) return
      entry.id = id
      byId.set(id, entry)
      for (const resolve of waiting.get(id) ?? []) resolve(entry)
      waiting.delete(id)
    },
    /** A card may be there before the agent got its answer. */
    known(id: string): Promise<Entry> {
      const found = byId.get(id)
      if (found) return Promise.resolve(found)
      return new Promise((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve]))
    },
    receivedFor(id: string): Received {
      const found = received.get(id) ?? {
        bodies: new Map<string, Set<string>>(),
        ends: new Set<string>(),
        tries: 0,
        taken: 0,
        wrong: [],
      }
      received.set(id, found)
      return found
    },
    /** Whether something was broken on purpose between two moments, or up to 5 s before: its traces last a little. */
    wasBroken(from: number, to: number): boolean {
      return windows.some((window) => window.from <= to && window.to + 5_000 >= from)
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>
