import type { Json, JsonObject } from '../approval/approval.ts'
import { maskedChanges, masker } from '../approval/masker.ts'
import type { Mask } from '../approval/masks.ts'
import { without } from '../approval/reveal.ts'
import { builtInSecrets } from '../approval/secrets.ts'
import type { AnyEvent } from './read.ts'

/**
 * An event as it is printed for people and scripts: without the secrets in it. The log itself has the whole of what was
 * asked for, without which no digest could be proven; who may read the database may read it.
 */
export function printed<Event extends AnyEvent>(event: Event): Event {
  if (event.type === 'action.edited') {
    const changes = maskedChanges(event.data.changes, masksIn(event.data))
    return { ...event, data: withoutSecrets({ ...event.data, changes }) }
  }
  if (event.type !== 'approval.requested') return { ...event, data: withoutSecrets(event.data) }
  const { action, subject, run_id, environment } = event.data
  const { text, object, json } = masker(masksIn(event.data))
  const orNull = (at: string, value: string | null) => (value === null ? null : text(at, value))
  return {
    ...event,
    data: {
      ...event.data,
      action: {
        ...action,
        arguments: object('/action/arguments', action.arguments),
        summary: orNull('/action/summary', action.summary),
        justification: orNull('/action/justification', action.justification),
      },
      subject: json('/subject', subject) as typeof subject,
      run_id: orNull('/run_id', run_id),
      environment: text('/environment', environment),
    },
  }
}

/** What is hidden of a request; events of before anything was name nothing. */
export function masksIn({ plan }: { plan: { masked?: Mask[] } }): Mask[] {
  return plan.masked ?? []
}

function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return without(value, builtInSecrets.spansIn(value))
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutSecrets)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, Json] => [key, withoutSecrets(inner)]),
  ) satisfies JsonObject
}
