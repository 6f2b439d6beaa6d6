import type { Clock } from '../platform/clock.ts'
import { findAgent } from '../store/agents.ts'
import type { Database } from '../store/database.ts'
import { searchEvents } from '../store/search.ts'
import { readSpan } from './moment.ts'
import type { AnyEvent } from './read.ts'

/** What somebody typed to search by; null for what they left out. */
export type Searched = {
  person: string | null
  agent: string | null
  tool: string | null
  subject: string | null
  since: string | null
  until: string | null
}

/**
 * The newest first. `more` where there are more than the limit; `bounded` where older requests were not looked at. Either is for
 * a narrower search, or one of an earlier time.
 */
export type SearchResult = { events: AnyEvent[]; more: boolean; bounded: boolean }

/** Searches the audit; or why not, in words. */
export async function search(
  { database, clock }: { database: Database; clock: Clock },
  typed: Searched,
  limit: number,
): Promise<SearchResult | { refused: string }> {
  const span = readSpan(typed, clock.now())
  if ('refused' in span) return span
  const { person, tool, subject } = typed
  if (person !== null && !/^[UW][A-Z0-9_]{2,30}$/.test(person))
    return { refused: 'A person is a Slack user id, such as U012AB3CD' }
  if (tool !== null && !/^[A-Za-z0-9._\-:/]{1,200}$/.test(tool))
    return { refused: 'A tool is named in full, as its agent names it, such as stripe.refund' }
  if (subject !== null && subject.includes('\0'))
    return { refused: 'A subject is an id, or its type and its id, such as order:1881' }
  const agent = typed.agent === null ? null : await agentNamed(database, typed.agent)
  if (typed.agent !== null && !agent) return { refused: `There is no agent called ${typed.agent}` }
  const subjects = subject === null ? null : subjectsIn(subject)
  const found = await searchEvents(database, { person, agent, tool, subjects, ...span }, limit + 1)
  return {
    events: found.bodies.slice(0, limit).map((body) => JSON.parse(body) as AnyEvent),
    more: found.bodies.length > limit,
    bounded: found.bounded,
  }
}

async function agentNamed(database: Database, name: string) {
  return name.includes('\0') ? null : findAgent(database, name)
}

/** `1881`, or with its type `order:1881`: an id may have a colon of its own. */
function subjectsIn(text: string) {
  const [, type, id] = /^([^:]+):(.+)$/s.exec(text) ?? []
  const whole = { id: text, type: null }
  return type === undefined || id === undefined ? [whole] : [whole, { id, type }]
}
