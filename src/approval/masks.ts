import type { Approval, Json, JsonObject, Request } from './approval.ts'
import { touchedKeys } from './difference.ts'
import { below, isWithin } from './pointer.ts'
import type { Span } from './reveal.ts'
import type { SecretFinder } from './secrets.ts'

/**
 * A place in a request whose value no person is shown: a JSON pointer (RFC 6901) into the request as the agent sent it,
 * and for what it was edited to below `editedArguments`. Where `spans` are given, only those parts of the text there.
 */
export type Mask = { at: string; spans: Span[] | null }

/** Where the arguments of a request are, and those that it was edited to. */
export const sentArguments = '/action/arguments'
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
  return approval.plan.masked.some(({ at }) => at === place || isWithin(at, below(place, key)))
}

function argumentsPlace({ edited }: Pick<Approval, 'edited'>): string {
  return edited === null ? sentArguments : editedArguments
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
    const within = below(at, key)
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
