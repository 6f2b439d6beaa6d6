import type { KnownBlock, RichTextBlockElement, RichTextSection } from '@slack/types'
import type { JsonObject } from '../../approval/approval.ts'
import { touchedKeys, type Change } from '../../approval/difference.ts'
import { effective, isEdited } from '../../approval/effective.ts'
import type { Mask } from '../../approval/masks.ts'
import { reveal } from '../../approval/reveal.ts'
import { shownChanges, type RawApproval, type ShownApproval } from '../../approval/shown.ts'
import { changed } from './difference.ts'
import { fieldElements, type FieldRoom } from './fields.ts'
import { labelOf } from './layout.ts'
import { fit } from './limits.ts'
import { person, type People } from './people.ts'
import { because, type SaidRoom } from './said.ts'
import { bold, indented, line, plain, richText } from './text.ts'

/** How much of what was edited is shown; what is beyond is counted. */
export type EditedRoom = { edited: FieldRoom }

/** More changes than that are counted on a line of a thread, and not told. */
const mostTold = 5

/**
 * Before and after of all that was edited, and who edited it last; nothing where nobody did.
 *
 * @param whole tells what was touched, also where the texts of `approval` are too long for their difference to be in them
 */
export function editedBlocks(
  whole: RawApproval,
  approval: ShownApproval,
  people: People,
  room: EditedRoom & SaidRoom,
): KnownBlock[] {
  const { edited, action } = approval
  if (edited === null) return []
  const touched = touchedKeys(whole.action.arguments, effective(whole).arguments).map((key) => reveal(key))
  const what = isEdited(approval)
    ? 'Crossed out: what the agent asked for'
    : 'It is again what the agent asked for'
  return [
    richText(
      whoEdited(approval, edited.by.slack_user_id, people, room),
      line(plain(what)),
      ...changedFields(new Set(touched), action.arguments, effective(approval).arguments, room.edited),
    ),
  ]
}

function whoEdited(
  { edited }: ShownApproval,
  slack_user_id: string,
  people: People,
  room: SaidRoom,
): RichTextSection {
  return line(
    bold('✏ Edited'),
    plain(' by '),
    person(people, slack_user_id),
    ...because(edited?.note ?? null, room),
  )
}

/** The arguments that differ, each with what it was; what was left out comes last. */
export function changedFields(
  touched: ReadonlySet<string>,
  before: JsonObject,
  after: JsonObject,
  room: FieldRoom,
): RichTextBlockElement[] {
  const of = (object: JsonObject, others: JsonObject | null) =>
    Object.fromEntries(
      Object.entries(object).filter(([key]) => touched.has(key) && !(others && Object.hasOwn(others, key))),
    )
  const gone = Object.entries(of(before, after)).map(([key, was]) =>
    indented(1, line(bold(`${fit(labelOf(key), 60)}  `), ...changed(was, room.value, [plain('left out')]))),
  )
  return [...fieldElements(of(after, null), before, room), ...gone.slice(0, room.lines)]
}

/** The same for a line of text. */
export function changesInWords(changes: readonly Change[], masks: readonly Mask[]): string {
  const told = shownChanges(changes.slice(0, mostTold), masks).map(({ path, from, to }) => {
    const value = (one: Change['to']) => fit(JSON.stringify(one), 80)
    if (from === undefined) return `${fit(path, 100)} added: ${value(to)}`
    return `${fit(path, 100)} ${value(from)} → ${to === undefined ? 'left out' : value(to)}`
  })
  const more = changes.length - told.length
  return `${told.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}
