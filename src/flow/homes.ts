import {
  beginHome,
  countWaiting,
  keepHome,
  keepReader,
  listVotedBy,
  openHome,
  redrawHome,
  type HomeRow,
} from '../store/homes.ts'
import { listPending } from '../store/read-approvals.ts'
import type { FlowParts } from './flow.ts'

export type { HomeRow } from '../store/homes.ts'

/** The Homes that people have opened, and what is on them. */
export function createHomes({ database, clock, work }: Pick<FlowParts, 'database' | 'clock' | 'work'>) {
  return {
    /** Somebody opened theirs: from now on it is kept up to date. `shown` is what Slack says that it shows. */
    async opened(home: Pick<HomeRow, 'slack_user_id' | 'team_id' | 'shown'>): Promise<void> {
      await openHome(database, home, clock.now())
      work.raise()
    },

    /** Has it drawn again, where it may not show what is so. */
    async redraw(slack_user_id: string): Promise<void> {
      await redrawHome(database, slack_user_id, clock.now())
      work.raise()
    },

    /** To be called before anything that is drawn is read. Null where it is not kept up to date any more. */
    begin: (slack_user_id: string): Promise<HomeRow | null> => beginHome(database, slack_user_id),

    /** Whose news it shows: to be kept before their approvals are read, so that none is missed that comes meanwhile. */
    keepReader: (reader: Pick<HomeRow, 'slack_user_id' | 'roles' | 'is_admin'>): Promise<void> =>
      keepReader(database, reader, clock.now()),

    /** What Slack accepted last. */
    keepShown: (slack_user_id: string, shown: string): Promise<void> =>
      keepHome(database, slack_user_id, shown),

    /** What waits for a decision in which these roles have a say, the nearest deadline first. */
    waitingIn: (roles: string[], limit: number) => listPending(database, { roles, slack_user_id: '' }, limit),

    /** What somebody decided since then, the last first. */
    decidedBy: (slack_user_id: string, since: Date, limit: number) =>
      listVotedBy(database, slack_user_id, since, limit),

    countWaiting: () => countWaiting(database),
  }
}
