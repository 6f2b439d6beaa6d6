import type { Logger } from 'pino'
import { rolesIn, type JsonObject } from '../approval/approval.ts'
import type { Audit } from '../audit/index.ts'
import { rolesOf } from '../flow/current-policy.ts'
import type { Flow } from '../flow/flow.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { NotPut, Posts, Rendered } from './posts.ts'
import { freezeAnnouncement, type Announced } from './views/freeze.ts'
import { glassBroken } from './views/direct.ts'
import type { Workspace } from './workspace/workspace.ts'

/** Says in the channels of roles what all of them must know: a freeze, an approval that somebody gave alone. */
export function createAnnouncements(parts: {
  posts: Posts
  workspace: Workspace
  flow: Flow
  audit: Audit
  clock: Clock
  log: Logger
}) {
  const { posts, workspace, flow, audit, clock, log } = parts

  /** `about` is what it is posted under in the list of our messages: an approval's id, or a freeze's. */
  type Announcement = { about: string; key: string; roles: string[] | null; rendered: Rendered }

  async function make(payload: JsonObject): Promise<Again | void> {
    const announcement =
      'freeze_id' in payload ? await ofFreeze(payload as Announced) : await ofGlass(payload)
    if (!announcement) return
    const { about, key, roles, rendered } = announcement
    const { document } = await flow.policy.newest()
    const channels = rolesOf(document).flatMap((role) =>
      roles === null || roles.includes(role.name) ? [role.channel] : [],
    )
    const rows = await flow.messages.of(about)
    const failures: NotPut[] = []
    for (const channel of new Set(channels)) {
      const place = { approval_id: about, key, channel }
      const known = rows.find((row) => row.key === key && row.channel === channel)
      if (known && known.shown !== null) continue
      const posted = await posts.put(place, known, rendered, { in: 'channel', anew: true })
      if (posted.ok) await flow.messages.record(place, posted.ts, sha256Hex(rendered.text))
      else if (posted.failure) {
        const { failure } = posted
        if (failure.kind !== 'waits') log.warn({ ...place, failure }, 'an announcement could not be posted')
        failures.push(failure)
      }
    }
    return again(failures, clock.now(), null)
  }

  async function ofFreeze(announced: Announced): Promise<Announcement | null> {
    const freeze = await flow.freeze(announced.freeze_id)
    if (!freeze) return null
    const who = announced.who === null ? null : (await workspace.person(announced.who)).name
    const rendered = freezeAnnouncement(announced, freeze, who)
    return { about: freeze.id, key: `freeze:${announced.what}`, roles: null, rendered }
  }

  async function ofGlass(payload: JsonObject): Promise<Announcement | null> {
    const { approval_id, seq } = payload as { approval_id: string; seq: number }
    const [approval, events] = await Promise.all([flow.find(approval_id), audit.events(approval_id)])
    const event = events.find((one) => one.seq === seq)
    const rendered = approval && event && glassBroken(approval, event)
    if (!approval || !rendered) return null
    return { about: approval_id, key: `glass:${seq}`, roles: rolesIn(approval), rendered }
  }

  return { make }
}
