import type { SandboxClock } from '../clock.ts'
import type { Complaints } from '../complaints.ts'
import type { Ack, Delivery } from '../delivery.ts'
import type { Events } from '../events.ts'
import type { FileStore } from '../file-store.ts'
import type { ActResult, Channel, Person } from '../protocol.ts'
import type { ResponseUrls } from '../response-urls.ts'
import type { Triggers } from '../triggers.ts'
import type { ViewStore } from '../view-store.ts'
import type { Workspace } from '../workspace.ts'

/** What a person's acts work on. */
export type Stage = {
  workspace: Workspace
  views: ViewStore
  triggers: Triggers
  responseUrls: ResponseUrls
  delivery: Delivery
  events: Events
  complaints: Complaints
  clock: SandboxClock
  files: FileStore
  /** The sandbox's own address, base path included. */
  url: () => string
}

export function notSent(error: string): ActResult {
  return { ok: false, error }
}

/** The person, or why they can do nothing here. */
export function actor({ workspace }: Stage, as: string): Person | ActResult {
  const person = workspace.people.get(as)
  if (!person) return notSent(`There is nobody with the id ${as}.`)
  if (person.is_bot) return notSent(`${person.real_name} is an app, not a person.`)
  return person.deleted ? notSent(`${person.real_name}'s account is deactivated.`) : person
}

/** The channel, if the person is in it: what they cannot see, they cannot act on. */
export function place({ workspace }: Stage, id: string, person: Person): Channel | ActResult {
  const channel = workspace.channels.get(id)
  if (!channel) return notSent(`There is no channel ${id}.`)
  if (!workspace.isMember(channel, person.id))
    return notSent(`${person.real_name} is not in #${channel.name}.`)
  return channel
}

/** Slack's word to the person when the app did not take an interaction, and a complaint about it. */
export function failure(stage: Stage, what: string, ack: Ack & { ok: false }): ActResult {
  stage.complaints.add(
    ack.reason === 'timeout' ? 'not_acknowledged_in_3s' : 'not_acknowledged',
    `${what}: ${ack.detail}`,
  )
  const error =
    ack.reason === 'timeout'
      ? 'Operation timed out. Apps need to respond within 3 seconds.'
      : 'This app is not responding as it should. Try again, or contact its developer.'
  return { ok: false, error, ...(ack.status === undefined ? {} : { status: ack.status }) }
}

/** The fields that every interaction has in common. */
export function common({ workspace: { team, people } }: Stage, as: Person) {
  const team_id = as.team_id ?? team.id
  return {
    team: { id: team_id, domain: team_id === team.id ? team.domain : team_id.toLowerCase() },
    user: { id: as.id, username: as.name, name: people.get(as.id)?.name ?? as.name, team_id },
    api_app_id: team.app_id,
    token: 'sandbox',
    enterprise: null,
    is_enterprise_install: false,
  }
}
