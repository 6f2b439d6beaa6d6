import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { JsonObject } from '../approval/approval.ts'
import type { Admin } from '../admin/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { HomeRow } from '../flow/homes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Again } from './again.ts'
import { slackFailure } from './failures.ts'
import { readInbox, standingOf, type Standing } from './inbox.ts'
import { budgets, type Pace } from './pace.ts'
import { homeView, type Inbox } from './views/home/home.ts'
import { namedIn, type Workspace } from './workspace/workspace.ts'

/**
 * Keeps people's Homes up to date with what is committed: draws one, and publishes it where Slack shows something else. So it
 * may run late, twice, or once for many changes.
 */
export function createHomes(parts: {
  posting: WebClient
  pace: Pace
  workspace: Workspace
  flow: Flow
  admin: Admin
  clock: Clock
  log: Logger
}) {
  const { posting, pace, workspace, flow, log } = parts

  async function show(payload: JsonObject): Promise<Again | void> {
    const { slack_user_id, once_more } = payload as { slack_user_id: string; once_more?: true }
    if (once_more) return flow.homes.redraw(slack_user_id)
    const home = await flow.homes.begin(slack_user_id)
    if (!home) return
    const standing = await standingOf(parts, home)
    await keepReader(home, standing)
    const inbox = await readInbox(parts, home, standing)
    const view = homeView(inbox, await workspace.people(namedOn(inbox)))
    return home.shown === view.private_metadata ? undefined : publish(slack_user_id, view)
  }

  /** Whose news it shows. What cannot be read may be theirs. */
  async function keepReader(home: HomeRow, { roles: held, unread, is_admin }: Standing): Promise<void> {
    const roles = [...held, ...unread].sort()
    if (roles.join() === home.roles.join() && is_admin === home.is_admin) return
    await flow.homes.keepReader({ slack_user_id: home.slack_user_id, roles, is_admin })
  }

  async function publish(user_id: string, view: ReturnType<typeof homeView>): Promise<Again | undefined> {
    const place = { approval_id: `home:${user_id}`, key: 'home', channel: user_id }
    try {
      const called = await pace.inTurn(place, budgets.publish(user_id), () =>
        posting.views.publish({ user_id, view }),
      )
      if (!called.made) return { again_at: called.turn_at, because: 'its turn' }
      await flow.homes.keepShown(user_id, view.private_metadata)
      return undefined
    } catch (error) {
      const failure = slackFailure(error)
      if (failure?.kind !== 'refused') throw error
      // As `not_enabled`, where the app's settings have no Home. Opening it tries again.
      log.warn({ slack_user_id: user_id, failure }, 'a Home could not be shown')
      return undefined
    }
  }

  return { show }
}

function namedOn({ irreplaceable, waiting, roles, admins }: Inbox): string[] {
  const named = [...irreplaceable, ...waiting].flatMap((one) => namedIn(one))
  return roles.length === 0 ? [...named, ...admins.slice(0, 3)] : named
}
