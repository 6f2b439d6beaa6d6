import type { SandboxClock } from './clock.ts'
import { ticket } from './identifiers.ts'
import { limits } from './limits.ts'

/** Who acted, and in which modal where it was in one. */
export type Trigger = { user: string; view_id: string | null }

export type Exchange =
  | { ok: true; trigger: Trigger }
  | { ok: false; error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' }

/** Spent and old triggers are remembered so long, to tell "expired" from "never was". */
const remembered = 10_000

/** A trigger opens one view, within 3 s of the click that it came with. */
export function createTriggers(clock: SandboxClock) {
  const issued = new Map<string, Trigger & { at: number; spent: boolean }>()
  return {
    issue(user: string, view_id: string | null = null): string {
      const at = clock.now().getTime()
      const id = `${at}.${issued.size}.${ticket()}`
      issued.set(id, { user, view_id, at, spent: false })
      for (const oldest of issued.keys()) {
        if (issued.size <= remembered) break
        issued.delete(oldest)
      }
      return id
    },
    exchange(id: string | undefined): Exchange {
      const found = id === undefined ? undefined : issued.get(id)
      if (!found) return { ok: false, error: 'invalid_trigger_id' }
      if (found.spent) return { ok: false, error: 'exchanged_trigger_id' }
      if (clock.now().getTime() - found.at > limits.interaction.trigger_ms) {
        return { ok: false, error: 'expired_trigger_id' }
      }
      found.spent = true
      return { ok: true, trigger: { user: found.user, view_id: found.view_id } }
    },
  }
}

export type Triggers = ReturnType<typeof createTriggers>
