import type { WebClient } from '@slack/web-api'
import type { LookUp } from '../../admin/policy/look-up.ts'
import type { Clock } from '../../platform/clock.ts'
import { groupTrouble, type Group } from '../doctor/groups.ts'
import { channelTrouble } from '../doctor/channels.ts'
import { personTrouble } from '../doctor/people.ts'
import { whyFailed } from '../doctor/refusal.ts'
import { createKept } from './kept.ts'

/** How long what was read is good enough to warn by: who looks at a change, and then saves it, asks once. */
const keptMs = 60_000

/** `users.info` and `conversations.info` are for cards and clicks too: a large document is looked at in part. */
const mostOfAKind = 40

/**
 * Asks Slack about what a policy names, all at once.
 *
 * @param patience_ms how long somebody can wait: what Slack has not said by then is not known
 */
export function createLookUp(client: WebClient, clock: Clock, patience_ms: number): LookUp {
  const team = createKept(clock, keptMs, async () => (await client.auth.test()).team_id ?? '')
  const groups = createKept(clock, keptMs, async () => {
    const { usergroups = [] } = await client.usergroups.list({ include_users: true, include_disabled: true })
    return new Map<string, Group>(usergroups.map((group) => [group.id ?? '', group]))
  })
  const channel = createKept(clock, keptMs, (id) => channelTrouble(client, id))
  const person = createKept(clock, keptMs, async (id) => personTrouble(client, id, await team('')))

  return async (names) => {
    const looked = {
      groups: new Map<string, readonly string[]>(),
      troubles: new Map<string, string>(),
      cannot_vote: new Set<string>(),
    }
    const unsaid = new Map<string, string>()
    const over = new AbortController()
    const patience = clock.sleep(new Date(clock.now().getTime() + patience_ms), over.signal)
    let isOver = false

    /** Reads something, and takes in what was said if it came in time. */
    async function take<T>(id: string, read: Promise<T>, into: (said: T) => void) {
      unsaid.set(id, 'Slack did not answer in time')
      try {
        const said = await read
        if (isOver) return
        unsaid.delete(id)
        into(said)
      } catch (error) {
        if (!isOver) unsaid.set(id, whyFailed(error))
      }
    }
    const trouble = (id: string, found: { detail: string } | null) => {
      if (found) looked.troubles.set(id, found.detail)
    }
    const asking = [
      ...names.groups.map((id) =>
        take(id, groups(''), (all) => {
          const group = all.get(id)
          trouble(id, groupTrouble(id, group))
          if (group && !group.date_delete) looked.groups.set(id, group.users ?? [])
        }),
      ),
      ...names.channels.slice(0, mostOfAKind).map((id) => take(id, channel(id), (said) => trouble(id, said))),
      ...names.users.slice(0, mostOfAKind).map((id) =>
        take(id, person(id), (said) => {
          // A guest can decide like anybody.
          if (said?.status !== 'fail') return
          trouble(id, said)
          looked.cannot_vote.add(id)
        }),
      ),
    ]
    await Promise.race([Promise.all(asking), patience])
    isOver = true
    over.abort()
    const left = [names.users, names.channels].reduce(
      (sum, all) => sum + Math.max(0, all.length - mostOfAKind),
      0,
    )
    return { ...looked, silent: whySilent(unsaid, left) }
  }
}

function whySilent(unsaid: ReadonlyMap<string, string>, left: number): string | null {
  const [first] = [...unsaid.values()]
  const ids = [...unsaid.keys()]
  const named = `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`
  const asked = first === undefined ? [] : [`${first} (${named})`]
  const unasked = left === 0 ? [] : [`${left} were not asked about, being too many at once`]
  return asked.length + unasked.length === 0 ? null : [...asked, ...unasked].join('; ')
}
