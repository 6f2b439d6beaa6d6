import type { Logger } from 'pino'
import type { JsonObject } from '../approval/approval.ts'
import type { Flow } from '../flow/flow.ts'
import { rolesOf } from '../flow/current-policy.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { NotPut, Posts } from './posts.ts'
import { freezeAnnouncement, type Announced } from './views/freeze.ts'
import type { Workspace } from './workspace/workspace.ts'

/** Says in every role's channel that something was frozen, or is no longer. */
export function createAnnouncements(parts: {
  posts: Posts
  workspace: Workspace
  flow: Flow
  clock: Clock
  log: Logger
}) {
  const { posts, workspace, flow, clock, log } = parts

  async function make(payload: JsonObject): Promise<Again | void> {
    const announced = payload as Announced
    const freeze = await flow.freeze(announced.freeze_id)
    if (!freeze) return
    const { document } = await flow.policy.newest()
    const who = announced.who === null ? null : (await workspace.person(announced.who)).name
    const rendered = freezeAnnouncement(announced, freeze, who)
    // What is posted about a freeze stands under its own id, as what is posted about an approval does under that one's.
    const about = { approval_id: freeze.id, key: `freeze:${announced.what}` }
    const rows = await flow.messages(freeze.id)
    const failures: NotPut[] = []
    for (const channel of new Set(rolesOf(document).map((role) => role.channel))) {
      const place = { ...about, channel }
      const known = rows.find((row) => row.key === about.key && row.channel === channel)
      if (known && known.shown !== null) continue
      const posted = await posts.put(place, known, rendered, { in: 'channel', anew: true })
      if (posted.ok) await flow.recordLine(place, posted.ts, sha256Hex(rendered.text))
      else if (posted.failure) {
        if (posted.failure.kind !== 'waits')
          log.warn({ ...place, failure: posted.failure }, 'a freeze could not be announced')
        failures.push(posted.failure)
      }
    }
    return again(failures, clock.now(), null)
  }

  return { make }
}
