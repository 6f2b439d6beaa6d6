import type { PolicyDocument } from './document.ts'
import type { Finding, Path } from './fault.ts'
import { role, rolesOf } from './roles.ts'

/** What a document takes for granted about the Slack workspace, by Slack's ids. */
export type Names = { users: string[]; groups: string[]; channels: string[] }

/** What Slack says about them. */
export type Look = {
  /** User group → who is in it. A group of which Slack did not say that is not there. */
  groups: ReadonlyMap<string, readonly string[]>
  /** What is the matter with one of them: that there is no such thing, that it is archived, … */
  troubles: ReadonlyMap<string, string>
  /** Those of the people who can decide nothing: deactivated, a bot, of another workspace. */
  cannot_vote: ReadonlySet<string>
  /** Why Slack did not say all of it; null where it did. */
  silent: string | null
}

/** Where nobody has asked Slack. */
export const unasked: Look = {
  groups: new Map(),
  troubles: new Map(),
  cannot_vote: new Set(),
  silent: null,
}

export function namesIn(document: PolicyDocument): Names {
  const listed = rolesOf(document)
  const { admins, break_glass = [] } = document
  const users = [...listed.flatMap(({ members }) => members), ...admins, ...break_glass]
  return {
    users: [...new Set(users)],
    groups: [...new Set(listed.flatMap(({ groups }) => groups))],
    channels: [...new Set(listed.map(({ channel }) => channel))],
  }
}

/** A warning at each place that names what is not as the document takes it for granted. */
export function troublesIn(document: PolicyDocument, { troubles, silent }: Look): Finding[] {
  const at = (id: string, path: Path): Finding[] => {
    const detail = troubles.get(id)
    return detail === undefined ? [] : [{ path, detail }]
  }
  const each = (ids: readonly string[], path: Path) => ids.flatMap((id, i) => at(id, [...path, i]))
  return [
    ...each(document.admins, ['admins']),
    ...each(document.break_glass ?? [], ['break_glass']),
    ...Object.entries(document.roles).flatMap(([name, { channel, members }]) => [
      ...at(channel, ['roles', name, 'channel']),
      ...each(members, ['roles', name, 'members']),
    ]),
    ...(silent === null
      ? []
      : [
          {
            path: [],
            detail: `whether its people, user groups and channels are there is not known: ${silent}`,
          },
        ]),
  ]
}

/** Everybody in a role, as far as Slack says; null where it has a user group of which Slack does not say who is in it. */
export function everybodyIn(document: PolicyDocument, name: string, { groups }: Look): string[] | null {
  const found = role(document, name)
  if (!found) return null
  const read = found.groups.map((id) => groups.get(id))
  if (read.includes(undefined)) return null
  return [...new Set([...found.members, ...read.flatMap((users) => users ?? [])])]
}
