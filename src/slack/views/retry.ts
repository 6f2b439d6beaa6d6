import type { KnownBlock, RichTextBlockElement } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { touchedKeys } from '../../approval/difference.ts'
import { effective } from '../../approval/effective.ts'
import { reveal } from '../../approval/reveal.ts'
import { shown, type RawApproval, type ShownApproval } from '../../approval/shown.ts'
import { onOneLine } from './brief.ts'
import { changedFields, type EditedRoom } from './edited.ts'
import { enough } from './fitting.ts'
import { fit } from './limits.ts'
import type { People } from './people.ts'
import { endingLines } from './ending.ts'
import type { SaidRoom } from './said.ts'
import { bold, code, indented, line, plain, richText, struck } from './text.ts'

/**
 * What an agent asked before, where it says that this is another attempt: what became of that, by whom and why, and what is
 * different now.
 *
 * @param earlier the request that `retry_of` names, if there is one of this agent
 */
export function retryBlocks(
  approval: RawApproval,
  earlier: RawApproval | null,
  people: People,
  room: EditedRoom & SaidRoom,
): KnownBlock[] {
  const elements = retryLines(approval, earlier, people, room)
  return elements.length === 0 ? [] : [richText(...elements)]
}

export function retryLines(
  approval: RawApproval,
  earlier: RawApproval | null,
  people: People,
  room: EditedRoom & SaidRoom,
): RichTextBlockElement[] {
  const { retry_of } = approval
  if (retry_of === null) return []
  const again = bold('↻ Asked again')
  if (earlier === null)
    return [
      line(again, plain(', after '), code(retry_of), plain(', says the agent. It has made no such request.')),
    ]
  const before = shown(earlier, enough)
  return [
    line(again, plain(', after '), code(retry_of), plain(earlier.retry_of === null ? '' : ', a retry too')),
    ...(before.decision
      ? endingLines(before, people, room).map((ending) => indented(1, ending))
      : [indented(1, line(bold('⏳ It is still waiting')))]),
    ...changes(approval, earlier, room),
  ]
}

function changes(now: RawApproval, earlier: RawApproval, room: EditedRoom): RichTextBlockElement[] {
  const [is, was] = [effective(now).arguments, effective(earlier).arguments]
  const [seen, seenBefore] = [shown(now, enough), shown(earlier, enough)]
  // Told by what came, and shown by what may be shown: a secret that differs is a difference.
  const touched = new Set(touchedKeys(was, is).map((key) => reveal(key)))
  const fields = changedFields(
    touched,
    effective(seenBefore).arguments,
    effective(seen).arguments,
    room.edited,
  )
  const besides = changedFacts(seenBefore, seen, Math.min(100, room.edited.value))
  const all = [...besides, ...fields]
  const told = all.slice(0, 2 + room.edited.lines)
  if (told.length > 0)
    return [
      line(plain('What is different, crossed out as it was then:')),
      ...told,
      ...(all.length > told.length ? [line(plain('… and more. Details shows all of it.'))] : []),
    ]
  const words = now.action.justification !== earlier.action.justification
  return [line(bold('Nothing has changed since'), plain(words ? ', but for the agent’s own words.' : '.'))]
}

/** What counts besides the arguments. */
const facts: { label: string; of: (approval: ShownApproval) => string | null }[] = [
  { label: 'Tool', of: ({ action }) => action.tool },
  { label: 'Risk', of: ({ risk }) => risk },
  { label: 'Environment', of: ({ environment }) => environment },
  { label: 'Asked by', of: ({ on_behalf_of }) => on_behalf_of },
  { label: 'About', of: ({ subject }: Approval) => subject && `${subject.type} ${subject.id}` },
]

function changedFacts(was: ShownApproval, is: ShownApproval, characters: number): RichTextBlockElement[] {
  return facts.flatMap(({ label, of }) => {
    const [from, to] = [of(was), of(is)]
    if (from === to) return []
    const value = (text: string | null) => fit(onOneLine(text ?? 'nobody said'), characters)
    return [indented(1, line(bold(`${label}  `), struck(value(from)), plain(' → '), code(value(to))))]
  })
}
