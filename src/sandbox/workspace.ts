import type { SandboxClock } from './clock.ts'
import { createMessageStore } from './message-store.ts'
import type { StoredMessage } from './message-store.ts'
import type { Channel, Person, UserGroup } from './protocol.ts'
import type { Installation, WorkspaceSeed } from './seed.ts'

/** Who and what is in the workspace. */
export type Workspace = ReturnType<typeof createWorkspace>

/** What of the workspace outlives the process. */
export type WorkspaceRecord = {
  people: Person[]
  groups: UserGroup[]
  channels: Channel[]
  messages: StoredMessage[]
}

/**
 * `kept` is what an earlier run left; people, groups and channels of the seed that it lacks are added. What belongs to
 * the installation (name, commands, scopes) always comes from the seed.
 */
export function createWorkspace(
  seed: WorkspaceSeed,
  clock: SandboxClock,
  touch: () => void,
  kept: WorkspaceRecord | null,
) {
  const team: Installation = structuredClone(seed.team)
  const people = byId(seed.people, kept?.people)
  const groups = byId(seed.groups, kept?.groups)
  const channels = byId(seed.channels, kept?.channels)
  const messages = createMessageStore(clock, touch)
  for (const message of kept?.messages ?? []) messages.add(message)

  function change(channel: string, to: Partial<Channel>) {
    const found = channels.get(channel)
    if (!found) throw new Error(`there is no channel ${channel} in the sandbox`)
    channels.set(channel, { ...found, ...to })
    touch()
  }

  function changePerson(user: string, to: Partial<Person>) {
    const found = people.get(user)
    if (!found) throw new Error(`there is nobody with the id ${user} in the sandbox`)
    people.set(user, { ...found, ...to })
    touch()
  }

  return {
    team,
    people,
    groups,
    channels,
    messages,
    isMember: (channel: Channel, user: string) => channel.members.includes(user),
    /** The direct message channel between the app and `user`, opened where there is none. */
    directMessage(user: string): Channel {
      const id = `D${user}`
      const found = channels.get(id)
      if (found) return found
      const opened: Channel = {
        id,
        name: people.get(user)?.name ?? user,
        topic: '',
        members: [user, team.bot_user_id],
        is_archived: false,
        is_private: true,
        is_im: true,
      }
      channels.set(id, opened)
      touch()
      return opened
    },
    /** What a test, or a person at the workspace's settings, changes. Each throws on an unknown id. */
    edit: {
      archive: (channel: string, is_archived = true) => change(channel, { is_archived }),
      setMembers: (channel: string, members: string[]) => change(channel, { members: [...members] }),
      removeBot: (channel: string) =>
        change(channel, {
          members: (channels.get(channel)?.members ?? []).filter((user) => user !== team.bot_user_id),
        }),
      setPrivate: (channel: string, is_private = true) => change(channel, { is_private }),
      setGroup(group: string, users: string[]) {
        const found = groups.get(group)
        if (!found) throw new Error(`there is no user group ${group} in the sandbox`)
        groups.set(group, { ...found, users: [...users] })
        touch()
      },
      removeGroup(group: string) {
        groups.delete(group)
        touch()
      },
      deactivate: (user: string, deleted = true) => changePerson(user, { deleted }),
      /** A person of another workspace, as in a channel shared through Slack Connect. */
      makeStranger: (user: string, team_id = 'T_OTHER') => changePerson(user, { team_id }),
      setScopes(scopes: string[]) {
        team.scopes = [...scopes]
      },
    },
    record: (): WorkspaceRecord => ({
      people: [...people.values()],
      groups: [...groups.values()],
      channels: [...channels.values()],
      messages: messages.all(),
    }),
  }
}

function byId<T extends { id: string }>(seeded: T[], kept: T[] = []): Map<string, T> {
  return new Map([...seeded, ...kept].map((each) => [each.id, structuredClone(each)]))
}
