import { refuse } from '../content.ts'
import { groupObject, userObject } from '../objects.ts'
import { page } from './method.ts'
import type { Methods } from './method.ts'

/** Persons and user groups. */
export const peopleMethods: Methods = {
  'users.info': {
    names: ['user', 'include_locale'],
    scopes: ['users:read'],
    run(args, { workspace }) {
      const person = workspace.people.get(args.text('user') ?? '')
      return person ? { ok: true, user: userObject(workspace, person) } : refuse('user_not_found')
    },
  },
  'users.list': {
    names: ['cursor', 'limit', 'include_locale', 'team_id'],
    scopes: ['users:read'],
    run(args, { workspace }) {
      const { items, response_metadata } = page([...workspace.people.values()], args)
      return { ok: true, members: items.map((person) => userObject(workspace, person)), response_metadata }
    },
  },
  'usergroups.list': {
    names: ['include_count', 'include_disabled', 'include_users', 'team_id'],
    scopes: ['usergroups:read'],
    run: (args, { workspace }) => ({
      ok: true,
      usergroups: [...workspace.groups.values()].map((group) =>
        groupObject(workspace, group, args.flag('include_users')),
      ),
    }),
  },
  'usergroups.users.list': {
    names: ['usergroup', 'include_disabled', 'team_id'],
    scopes: ['usergroups:read'],
    run(args, { workspace }) {
      const group = workspace.groups.get(args.text('usergroup') ?? '')
      return group ? { ok: true, users: group.users } : refuse('no_such_subteam')
    },
  },
}
