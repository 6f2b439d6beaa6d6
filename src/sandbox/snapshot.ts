import type { Changes } from './changes.ts'
import type { Complaints } from './complaints.ts'
import type { OpenView, Snapshot } from './protocol.ts'
import type { StoredView, ViewStore } from './view-store.ts'
import type { Workspace } from './workspace.ts'

function openView({ values: _values, ...view }: StoredView): OpenView {
  return view
}

/** Reads the workspace as the page sees it. The same object is handed out until something changes. */
export function createSnapshots(
  workspace: Workspace,
  views: ViewStore,
  complaints: Complaints,
  changes: Changes,
) {
  let last: Snapshot | null = null

  function read(messages_per_channel?: number): Snapshot {
    const { team, people, groups, channels, messages } = workspace
    const { modals, homes } = views.all()
    return {
      rev: changes.rev(),
      team: {
        id: team.id,
        name: team.name,
        app_name: team.app_name,
        bot_user_id: team.bot_user_id,
        commands: team.commands,
      },
      people: [...people.values()],
      groups: [...groups.values()],
      channels: [...channels.values()],
      messages: messages.all(messages_per_channel),
      modals: modals.map(openView),
      homes: homes.map(({ user, view }) => ({ user, view })),
      complaints: complaints.list(),
    }
  }

  return {
    /** With every message. */
    whole: (): Snapshot => {
      if (last?.rev !== changes.rev()) last = read()
      return last
    },
    /** With the newest messages of each channel. */
    recent: read,
  }
}
