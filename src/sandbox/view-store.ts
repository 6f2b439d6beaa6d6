import { createHash } from 'node:crypto'
import { isSlackObject } from './blocks/check.ts'
import { withIds } from './blocks/find.ts'
import { stateValues } from './blocks/state.ts'
import type { SandboxClock } from './clock.ts'
import { slackId } from './identifiers.ts'
import { limits } from './limits.ts'
import type { OpenView, SlackObject, ViewValues } from './protocol.ts'

/** A view that somebody has before them. `values` is what its form held when the app last heard of it. */
export type StoredView = OpenView & { values: ViewValues }

export type ViewRecord = { modals: StoredView[]; homes: StoredView[] }

export type ViewStore = ReturnType<typeof createViewStore>

export function blocksOf(view: SlackObject): SlackObject[] {
  const { blocks } = view
  return Array.isArray(blocks) ? blocks.filter(isSlackObject) : []
}

/** Open modals, stacked for each person, and published Homes. `touch` is called on every change. */
export function createViewStore(clock: SandboxClock, touch: () => void, kept: ViewRecord | null) {
  const modals = new Map<string, StoredView>((kept?.modals ?? []).map((view) => [view.id, view]))
  const homes = new Map<string, StoredView>((kept?.homes ?? []).map((view) => [view.user, view]))

  function hashOf(view: SlackObject): string {
    const digest = createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 8)
    return `${Math.floor(clock.now().getTime() / 1000)}.${digest}`
  }

  function fresh(user: string, sent: SlackObject, previous: StoredView | null): StoredView {
    const id = slackId('V')
    const view = { ...sent, blocks: withIds(blocksOf(sent)) }
    return {
      id,
      hash: hashOf(view),
      user,
      view,
      previous_view_id: previous?.id ?? null,
      root_view_id: previous?.root_view_id ?? id,
      errors: {},
      values: stateValues(blocksOf(view), {}),
    }
  }

  const stack = (user: string) => [...modals.values()].filter((each) => each.user === user)

  function changed(before: StoredView, sent: SlackObject): StoredView {
    const view = { ...sent, blocks: withIds(blocksOf(sent)) }
    // What a person has typed stays where block_id and action_id stay the same.
    const values = stateValues(blocksOf(view), {}, before.values)
    return { ...before, view, hash: hashOf(view), errors: {}, values }
  }

  return {
    modal: (id: string) => modals.get(id),
    /** The person's open modals, the topmost last. */
    stack,
    all: (): ViewRecord => ({ modals: [...modals.values()], homes: [...homes.values()] }),
    home: (user: string) => homes.get(user),
    withExternalId: (external_id: string) =>
      [...modals.values(), ...homes.values()].find((each) => each.view['external_id'] === external_id),
    /** A new stack for the person: what was open before is gone. */
    open(user: string, sent: SlackObject): StoredView {
      for (const each of stack(user)) modals.delete(each.id)
      const view = fresh(user, sent, null)
      modals.set(view.id, view)
      touch()
      return view
    },
    /** Onto the person's topmost modal; null where none is open, or too many. */
    push(user: string, sent: SlackObject): StoredView | 'not_found' | 'push_limit_reached' {
      const below = stack(user)
      const top = below.at(-1)
      if (!top) return 'not_found'
      if (below.length >= limits.view.stack) return 'push_limit_reached'
      const view = fresh(user, sent, top)
      modals.set(view.id, view)
      touch()
      return view
    },
    update(id: string, sent: SlackObject): StoredView | null {
      const before = modals.get(id)
      if (!before) return null
      const view = changed(before, sent)
      modals.set(id, view)
      touch()
      return view
    },
    publish(user: string, sent: SlackObject): StoredView {
      const before = homes.get(user)
      const view = before ? changed(before, sent) : fresh(user, sent, null)
      homes.set(user, view)
      touch()
      return view
    },
    /** Keeps what the form holds, and the errors that stand below its fields. */
    hold(id: string, values: ViewValues, errors: Record<string, string>) {
      const before = modals.get(id)
      if (!before) return
      modals.set(id, { ...before, values, errors })
      touch()
    },
    holdHome(user: string, values: ViewValues) {
      const before = homes.get(user)
      if (before) homes.set(user, { ...before, values })
    },
    /** Takes this view away, or all of the person's where `whole`. */
    close(id: string, whole: boolean) {
      const closing = modals.get(id)
      if (!closing) return
      const gone = whole ? stack(closing.user) : [closing]
      for (const each of gone) modals.delete(each.id)
      touch()
    },
  }
}
