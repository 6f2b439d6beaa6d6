import { defaultSeed, type WorkspaceSeed } from '../../src/sandbox/index.ts'
import { neededScopes } from '../../src/slack/scopes.ts'

// Who there is and who may decide what, as the suite knows it: the app learns it from the policy and from Slack, and is
// judged by this.

const everybody = Array.from({ length: 40 }, (_, index) => `U_P${String(index).padStart(2, '0')}`)

/** Each role with its channel and its members; some people are in two. The rest of the channel only watches. */
export const roles: Record<string, { channel: string; members: string[] }> = {
  finance: { channel: 'C_FINANCE', members: everybody.slice(0, 14) },
  platform: { channel: 'C_PLATFORM', members: everybody.slice(12, 24) },
  data: { channel: 'C_DATA', members: everybody.slice(20, 32) },
}

/** Members of the role that Slack keeps as a user group: the policy names only the group. */
export const group = { id: 'S_DATA', role: 'data' }

/** In every channel and in no role. */
export const strangers = everybody.slice(32)

/** Agents' owners: one of them in each role, so that an owner who may not approve comes by. */
export const owners = ['U_P03', 'U_P15', 'U_P25', 'U_P35']

export const workspace: WorkspaceSeed = {
  team: { ...defaultSeed.team, scopes: Object.keys(neededScopes) },
  people: [
    ...everybody.map((id) => ({
      id,
      name: id.toLowerCase(),
      real_name: `Person ${id.slice(3)}`,
      title: '',
      tz: 'Europe/Berlin',
      is_bot: false,
      is_admin: id === 'U_P00',
    })),
    ...defaultSeed.people.filter((person) => person.is_bot),
  ],
  groups: [{ id: group.id, handle: 'data', name: 'Data', users: roles[group.role]?.members ?? [] }],
  channels: Object.entries(roles).map(([name, { channel }]) => ({
    id: channel,
    name: `${name}-approvals`,
    topic: '',
    members: [...everybody, defaultSeed.team.bot_user_id],
    is_archived: false,
    is_private: false,
    is_im: false,
  })),
}
