import type { Channel, Person, UserGroup } from './protocol.ts'

/** The app as it is installed in the workspace: what its manifest and its installation would have fixed. */
export type Installation = {
  id: string
  domain: string
  name: string
  app_id: string
  app_name: string
  bot_id: string
  bot_user_id: string
  /** Slash commands, each with its leading `/`. */
  commands: string[]
  /** Granted to the bot token. A call that needs another is answered `missing_scope`. */
  scopes: string[]
  /** Subscribed events: `app_home_opened`, `app_mention`, `message.im`, `message.channels`, `message.groups`. */
  events: string[]
}

/** What a workspace starts with. `people` includes the app's bot user. */
export type WorkspaceSeed = {
  team: Installation
  people: Person[]
  groups: UserGroup[]
  channels: Channel[]
}

const berlin = { tz: 'Europe/Berlin', is_bot: false, is_admin: false }

const people: Person[] = [
  {
    ...berlin,
    id: 'U_ALICE',
    name: 'alice',
    real_name: 'Alice Archer',
    title: 'Head of Operations',
    is_admin: true,
  },
  { ...berlin, id: 'U_BOB', name: 'bob', real_name: 'Bob Brandt', title: 'Finance' },
  { ...berlin, id: 'U_CAROL', name: 'carol', real_name: 'Carol Chen', title: 'Platform engineer' },
  { ...berlin, id: 'U_DAVE', name: 'dave', real_name: 'Dave Diaz', title: 'Support lead' },
  { ...berlin, id: 'U_ERIN', name: 'erin', real_name: 'Erin Eze', title: 'Finance' },
  { ...berlin, id: 'U_FRANK', name: 'frank', real_name: 'Frank Fischer', title: 'Data' },
  { ...berlin, id: 'U_COUNTERSIGN', name: 'countersign', real_name: 'Countersign', title: '', is_bot: true },
]

const everyone = people.map((person) => person.id)

function channel(id: string, name: string, topic: string): Channel {
  return { id, name, topic, members: everyone, is_archived: false, is_private: false, is_im: false }
}

/** A small company: six people, four channels, one user group, and an app that may do what an approval desk needs. */
export const defaultSeed: WorkspaceSeed = {
  team: {
    id: 'T_ACME',
    domain: 'acme',
    name: 'Acme',
    app_id: 'A_COUNTERSIGN',
    app_name: 'Countersign',
    bot_id: 'B_COUNTERSIGN',
    bot_user_id: 'U_COUNTERSIGN',
    commands: ['/countersign'],
    scopes: [
      'channels:history',
      'channels:read',
      'chat:write',
      'commands',
      'files:read',
      'files:write',
      'groups:history',
      'groups:read',
      'im:history',
      'im:read',
      'im:write',
      'team:read',
      'usergroups:read',
      'users:read',
    ],
    events: ['app_home_opened', 'message.im'],
  },
  people,
  groups: [{ id: 'S_FINANCE', handle: 'finance', name: 'Finance', users: ['U_BOB', 'U_ERIN'] }],
  channels: [
    channel('C_FINANCE', 'finance-approvals', 'Money that agents want to move'),
    channel('C_PLATFORM', 'platform-approvals', 'Deploys and infrastructure'),
    channel('C_DATA', 'data-approvals', 'Queries that change data'),
    channel('C_GENERAL', 'general', 'Company-wide announcements'),
  ],
}
