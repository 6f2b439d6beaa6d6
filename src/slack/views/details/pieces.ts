import type { RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types'
import { changed } from '../difference.ts'
import type { Row } from '../layout.ts'
import { fit } from '../limits.ts'
import { bold, box, code, date, fields, indented, line, plain } from '../text.ts'

/** Some of what Details show, never cut: a page takes it whole. `within` names the groups that it stands in. */
export type Piece = { elements: RichTextBlockElement[]; within: string[] }

/** A box of text is cut into such, so that pages can be filled. In characters. */
const longestBox = 2_400
const longestLabel = 120
/** What is there now stands whole in a part of its own. */
const longestWas = 160

/** So many short values stand in one line of a list. */
const listed = 40

/** Rows, whole: what is longer than a piece is continued in the next. */
export function* piecesOf(rows: Iterable<Row>): Generator<Piece> {
  const groups: string[] = []
  for (const row of rows) {
    groups.length = row.depth
    const within = [...groups]
    for (const elements of elementsOf(row)) yield { elements, within }
    if (row.value.as === 'group') groups.push(fit(row.label, 60))
  }
}

function* elementsOf(row: Row): Generator<RichTextBlockElement[]> {
  const { value, depth, was } = row
  const label = fit(row.label, longestLabel)
  const one = (...shown: RichTextElement[]) => [
    indented(depth, field(label, ...(was === undefined ? shown : changed(was, longestWas, shown)))),
  ]
  if (label !== row.label) yield* longText(depth, `A name of ${row.label.length} characters`, row.label)
  switch (value.as) {
    case 'word':
    case 'money':
      return yield one(code(value.text))
    case 'date':
      return yield one(date(value.at, '{date_short} at {time_secs}'), plain('  '), code(value.text))
    case 'group':
      return yield one(plain(`${value.size} ${named(value.size, value.of)}`))
    case 'fields':
      return yield one(...fields(value.fields))
    case 'text':
      if (was !== undefined) yield one(plain(`${value.text.length.toLocaleString('en')} characters`))
      return yield* longText(depth, label, value.text)
    case 'list':
      for (let from = 0; from < value.texts.length; from += listed) {
        const more = from === 0 ? [] : [plain(`(from #${from + 1})  `)]
        yield one(...more, ...separated(value.texts.slice(from, from + listed)))
      }
  }
}

function* longText(depth: number, label: string, text: string): Generator<RichTextBlockElement[]> {
  const parts = cut(text)
  for (const [index, part] of parts.entries()) {
    const nth = parts.length === 1 ? '' : `part ${index + 1} of ${parts.length}`
    yield [indented(depth, field(label, plain(nth))), box(part)]
  }
}

/** Between lines where that leaves no part nearly empty, never through a character. */
function cut(text: string): string[] {
  const parts: string[] = []
  for (let from = 0; from < text.length;) {
    let to = from + longestBox
    if (to < text.length) {
      const lineEnd = text.lastIndexOf('\n', to)
      if (lineEnd > from + longestBox / 2) to = lineEnd + 1
      else if (/[\uD800-\uDBFF]/.test(text[to - 1]!)) to -= 1
    }
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

function field(label: string, ...value: RichTextElement[]): RichTextSection {
  return line(bold(label), ...(value.length > 0 ? [plain('  ')] : []), ...value)
}

function separated(texts: string[]): RichTextElement[] {
  return texts.flatMap((text, i) => (i === 0 ? [code(text)] : [plain(', '), code(text)]))
}

function named(count: number, of: 'fields' | 'entries'): string {
  if (count !== 1) return of
  return of === 'fields' ? 'field' : 'entry'
}
