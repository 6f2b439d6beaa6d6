import type { Approval, Json, JsonObject, Request } from './approval.ts'
import { touchedKeys, type Change } from './difference.ts'
import { hidden, type Span } from './reveal.ts'
import type { SecretFinder } from './secrets.ts'

/**
 * A place in a request whose value no person is shown: a JSON pointer (RFC 6901) into the request as the agent sent it,
 * and for what it was edited to below `editedArguments`. Where `spans` are given, only those parts of the text there.
 */
export type Mask = { at: string; spans: Span[] | null }

/** Where the arguments of a request are, and those that it was edited to. */
const sentArguments = '/action/arguments'
export const editedArguments = '/edited/arguments'

/** The parts of a request that are searched, each under its pointer. */
type Searched = Pick<
  Request,
  | 'action'
  | 'arguments_schema'
  | 'before'
  | 'metadata'
  | 'state'
  | 'subject'
  | 'links'
  | 'run_id'
  | 'environment'
>

/** More than that in one part of a request, and all of the part is hidden. */
const mostInPart = 100

/** What of a request is not to be shown. It is found once, when the request is judged, and kept with the plan. */
export function findMasks(request: Searched, finder: SecretFinder): Mask[] {
  return Object.entries(searchedParts(request)).flatMap(([at, value]) => {
    const found = [...search(value, at, finder)]
    return found.length > mostInPart ? [{ at, spans: null }] : found
  })
}

/** What is not to be shown once the arguments are these. What was hidden stays so, and nobody can have changed it. */
export function findMasksOfEdit(
  approval: Pick<Approval, 'action' | 'edited' | 'plan'>,
  arguments_: JsonObject,
  finder: SecretFinder,
): Mask[] {
  const { edited, action, plan } = approval
  const touched = touchedKeys(edited?.arguments ?? action.arguments, arguments_)
  const own = Object.fromEntries(Object.entries(arguments_).filter(([key]) => touched.includes(key)))
  const found = [...search(own, editedArguments, finder)]
  const from = argumentsPlace(approval)
  const kept = plan.masked.filter(({ at }) => isWithin(at, from))
  return [
    ...plan.masked.filter(({ at }) => !isWithin(at, editedArguments)),
    ...kept.map(({ at, spans }) => ({ at: editedArguments + at.slice(from.length), spans })),
    ...(found.length > mostInPart ? [{ at: editedArguments, spans: null }] : found),
  ]
}

/** Whether nobody is shown all of an argument as it is now: then nobody can say either what it should be instead. */
export function isArgumentHidden(approval: Pick<Approval, 'edited' | 'plan'>, key: string): boolean {
  const place = argumentsPlace(approval)
  return approval.plan.masked.some(({ at }) => at === place || isWithin(at, pointer(place, key)))
}

function argumentsPlace({ edited }: Pick<Approval, 'edited'>): string {
  return edited === null ? sentArguments : editedArguments
}

function isWithin(at: string, place: string): boolean {
  return at === place || at.startsWith(`${place}/`)
}

/** What an edit changed, without what is hidden of what it led to. */
export function maskedChanges(
  changes: readonly Change[],
  masks: readonly Mask[],
  writing: Writing = asItCame,
): Change[] {
  const { json } = masker(masks, writing)
  return changes.map(({ path, from, to }) => {
    const at = editedArguments + path
    const whole = masks.find((mask) => mask.spans === null && isWithin(at, mask.at))
    const written = (value: Json) => (whole ? hidden : json(at, value))
    return {
      path: writing.text(whole ? whole.at.slice(editedArguments.length) : path, []),
      ...(from === undefined ? {} : { from: written(from) }),
      ...(to === undefined ? {} : { to: written(to) }),
    }
  })
}

function searchedParts(request: Searched) {
  const { action, before, metadata, state, subject, links, run_id, environment, arguments_schema } = request
  return {
    [sentArguments]: action.arguments,
    '/action/summary': action.summary,
    '/action/justification': action.justification,
    '/arguments_schema': arguments_schema,
    '/before': before,
    '/metadata': metadata,
    '/state': state,
    '/subject': subject,
    '/links': links,
    '/run_id': run_id,
    '/environment': environment,
  } satisfies Record<string, Json>
}

function* search(value: Json, at: string, finder: SecretFinder): Generator<Mask> {
  if (typeof value === 'string') {
    const spans = finder.spansIn(value)
    if (spans.length > 0) yield { at, spans }
    return
  }
  if (typeof value !== 'object' || value === null) return
  const entries = Object.entries(value)
  // A name that is a secret itself cannot be shown either, nor could a pointer be that leads past it.
  if (!Array.isArray(value) && entries.some(([key]) => finder.spansIn(key).length > 0))
    return yield { at, spans: null }
  for (const [key, inner] of entries) {
    const within = pointer(at, key)
    if (!Array.isArray(value) && finder.isSecretKey(key) && isSomething(inner))
      yield { at: within, spans: null }
    else yield* search(inner, within, finder)
  }
}

/** That a password is there, or is not, is no secret. */
function isSomething(value: Json): boolean {
  return typeof value === 'object' ? value !== null && Object.keys(value).length > 0 : !isBareWord(value)
}

function isBareWord(value: string | number | boolean): boolean {
  return value === '' || typeof value === 'boolean'
}

function pointer(at: string, key: string): string {
  return `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** How what is not hidden is written: texts and keys, of which the hidden spans are known. */
export type Writing = {
  text(text: string, spans: readonly Span[]): string
  /** How many entries of an object or list are written; the others are counted by an entry more. */
  most_entries: number
}

/** As it came, with what is hidden left out. */
const asItCame: Writing = { text: without, most_entries: Infinity }

/** Writes values with what is hidden in them left out. */
export function masker(masks: readonly Mask[], writing: Writing = asItCame) {
  const hiddenAt = new Map(masks.map((mask) => [mask.at, mask.spans]))
  const { most_entries } = writing

  function text(at: string, value: string): string {
    const spans = hiddenAt.get(at)
    return spans === null ? hidden : writing.text(value, spans ?? [])
  }

  function json(at: string, value: Json): Json {
    if (hiddenAt.get(at) === null) return hidden
    if (typeof value === 'string') return text(at, value)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? list(at, value) : object(at, value)
  }

  function list(at: string, values: Json[]): Json[] {
    const written = values.slice(0, most_entries).map((value, i) => json(`${at}/${i}`, value))
    return written.length < values.length ? [...written, more(values.length - written.length)] : written
  }

  function object(at: string, value: JsonObject): JsonObject {
    // As a whole it stays an object, for whoever goes through its fields.
    if (hiddenAt.get(at) === null) return { [hidden]: hidden }
    const keys = Object.keys(value)
    const written = keys
      .slice(0, most_entries)
      .map((key) => [writing.text(key, []), json(pointer(at, key), value[key] ?? null)] as const)
    const rest = keys.length - written.length
    return Object.fromEntries(rest > 0 ? [...written, [more(rest), null]] : written)
  }

  return { text, json, object }
}

/** A text without those parts of it. */
export function without(text: string, spans: readonly Span[]): string {
  let from = 0
  const parts = spans.map(([start, end]) => {
    const part = text.slice(from, start)
    from = end
    return part + hidden
  })
  return parts.join('') + text.slice(from)
}

/** How much was left out before it was written, in our own brackets. */
export function more(count: number): string {
  return `⟨${count} more⟩`
}

/** How much a text or a name says was left out. */
export function countedIn(text: string): number {
  return Number(/⟨(\d+) more⟩$/.exec(text)?.[1] ?? 0)
}
