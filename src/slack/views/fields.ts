import type { RichTextBlockElement, RichTextElement } from '@slack/types'
import type { JsonObject } from '../../approval/approval.ts'
import { countedIn } from '../../approval/masker.ts'
import { beginning, type TextRoom } from './brief.ts'
import { changed, differingLines } from './difference.ts'
import { labelsOf, rowsOf, type Row } from './layout.ts'
import { fit } from './limits.ts'
import { bold, box, code, date, fields, indented, line, plain } from './text.ts'

/** How much of the arguments there is room for: in lines of a phone, and in characters of one value. */
export type FieldRoom = { lines: number; value: number; text: TextRoom }

/** So many characters stand on one line of a phone. */
const lineCharacters = 44
const boxCharacters = 60
const longestLabel = 60
const shortestText = 2

/** So many names of what is left out are told. */
const mostNamed = 8

/** An object's fields, as many as there is room for, and by name what is left out. Fields that differ from `before` say so. */
export function fieldElements(
  object: JsonObject,
  before: JsonObject | null,
  room: FieldRoom,
): RichTextBlockElement[] {
  const rows = firstRows(rowsOf(object, 'easy', before ?? undefined), room.lines)
  const texts = textRoom(rows, room)
  const shown: Row[] = []
  let lines = room.lines
  for (const row of rows) {
    lines -= linesOf(row, texts)
    if (lines < 0 && shown.length > 0) break
    shown.push(row)
  }
  return [...shown.flatMap((row) => rowElements(row, room, texts)), ...leftOut(object, shown, rows)]
}

function firstRows(rows: Iterable<Row>, most: number): Row[] {
  const first: Row[] = []
  for (const row of rows) {
    if (first.length > most) break
    first.push(row)
  }
  return first
}

/** Long texts share the lines that the short values leave, so that none of them pushes another field out of sight. */
function textRoom(rows: Row[], { lines, text }: FieldRoom): TextRoom {
  const long = rows.filter(({ value }) => value.as === 'text').length
  const taken = rows.reduce((sum, row) => sum + linesOf(row, { characters: 0, lines: 0 }), 0)
  const each = Math.floor((lines - taken) / Math.max(1, long))
  const high = Math.min(text.lines, Math.max(shortestText, each))
  return { characters: Math.min(text.characters, high * boxCharacters), lines: high }
}

function heightOf(text: string): number {
  return Math.max(text.split('\n').length, Math.ceil(text.length / boxCharacters))
}

function linesOf({ label, value, was }: Row, texts: TextRoom): number {
  const wide = (characters: number) => Math.max(1, Math.ceil((label.length + characters) / lineCharacters))
  const more = was === undefined ? 0 : 1
  switch (value.as) {
    case 'text':
      return 1 + Math.min(texts.lines, heightOf(value.text))
    case 'list':
      return wide(value.texts.join(', ').length) + more
    case 'group':
      return 1 + more
    case 'fields':
      return (
        wide(value.fields.reduce((sum, { label, text }) => sum + label.length + text.length + 4, 0)) + more
      )
    case 'word':
    case 'money':
    case 'date':
      return wide(value.text.length) + more
  }
}

function rowElements(row: Row, room: FieldRoom, texts: TextRoom): RichTextBlockElement[] {
  const { label, depth, value, was } = row
  const head = (...shown: RichTextElement[]) =>
    indented(depth + 1, line(bold(`${fit(label, longestLabel)}  `), ...shown))
  if (value.as === 'text') {
    const lines = typeof was === 'string' ? differingLines(was, value.text) : null
    const { text, left } = beginning(lines ?? value.text, texts)
    const more = plain(left > 0 ? `${left.toLocaleString('en')} more characters` : '')
    if (lines !== null) return [head(plain('what changes  '), more), box(text)]
    return [head(...(was === undefined ? [] : changed(was, room.value, [])), more), box(text)]
  }
  const is = elementsOf(value, room.value)
  return [head(...(was === undefined ? is : changed(was, room.value, is)))]
}

function elementsOf(value: Exclude<Row['value'], { as: 'text' }>, characters: number): RichTextElement[] {
  switch (value.as) {
    case 'word':
    case 'money':
      return [code(fit(value.text, characters))]
    case 'date':
      return [date(value.at, `{date_short} at ${value.at.getUTCSeconds() === 0 ? '{time}' : '{time_secs}'}`)]
    case 'list':
      return listed(value.texts, characters)
    case 'fields':
      return fields(value.fields)
    case 'group':
      return [plain(value.of === 'fields' ? '' : `${value.size} ${value.size === 1 ? 'entry' : 'entries'}`)]
  }
}

/** As many entries as there is room for, and how many more there are. */
function listed(texts: string[], characters: number): RichTextElement[] {
  let room = characters
  const shown: string[] = []
  for (const text of texts) {
    room -= text.length + 2
    if (room < 0 && shown.length > 0) break
    shown.push(text)
  }
  const left = texts.length - shown.length
  return [
    ...shown.flatMap((text, i) => (i === 0 ? [code(text)] : [plain(', '), code(text)])),
    plain(left > 0 ? ` and ${left.toLocaleString('en')} more` : ''),
  ]
}

/** What there was no room for: named as far as names help, counted in any case. */
function leftOut(object: JsonObject, shown: Row[], rows: Row[]): RichTextBlockElement[] {
  const following = rows[shown.length]
  if (!following) return []
  const own = shown.filter(({ depth }) => depth === 0)
  // Where it is cut inside a field, the rest of that one is missing too.
  const cut = following.depth > 0 ? own.at(-1) : undefined
  const names = labelsOf(object).slice(own.length)
  const uncounted = countedIn(names.at(-1) ?? '')
  const count = uncounted === 0 ? names.length : names.length - 1 + uncounted
  const named = names.slice(0, mostNamed)
  const more = count - named.length
  return [
    line(
      bold('…  '),
      ...(cut
        ? [plain('the rest of '), code(fit(cut.label, longestLabel)), plain(count > 0 ? ', ' : '')]
        : []),
      plain(count > 0 ? `${count.toLocaleString('en')} more: ` : ''),
      ...named.flatMap((name, i) => [plain(i === 0 ? '' : ', '), code(fit(name, 30))]),
      plain(more > 0 ? ` and ${more.toLocaleString('en')} others` : ''),
      plain('. Details shows all of it.'),
    ),
  ]
}
