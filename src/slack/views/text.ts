import type {
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  RichTextList,
  RichTextPreformatted,
  RichTextSection,
} from '@slack/types'

/** For text inside mrkdwn: nothing in it can link or ping (docs.slack.dev/messaging/formatting-message-text). */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * What was typed after a command, as it was typed: there Slack escapes three characters, and puts people, channels and
 * addresses into angle brackets (docs.slack.dev/interactivity/implementing-slash-commands).
 */
export function unescapeTyped(text: string): string {
  return text
    .replaceAll(/<([@#]?)([^|<>\s]+)(?:\|([^<>]*))?>/g, (_, kind: string, id: string, label?: string) =>
      label === undefined ? id : kind + label,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** A moment in the reader's own time zone. */
export function dateToken(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000)
  return `<!date^${seconds}^{date_short_pretty} at {time}|${at.toISOString()}>`
}

/** The same in rich text. */
export function date(at: Date, format = '{date_short_pretty} at {time}'): RichTextElement {
  const timestamp = Math.floor(at.getTime() / 1_000)
  return { type: 'date', timestamp, format, fallback: at.toISOString() }
}

export function plain(text: string): RichTextElement {
  return { type: 'text', text: isolated(text) }
}

export function bold(text: string): RichTextElement {
  return { type: 'text', text: isolated(text), style: { bold: true } }
}

/** What is no longer so. */
export function struck(text: string): RichTextElement {
  return { type: 'text', text: isolated(text), style: { code: true, strike: true } }
}

/** What somebody else wrote, as it is. */
export function code(text: string): RichTextElement {
  return { type: 'text', text: isolated(text), style: { code: true } }
}

/** Scripts that are read from right to left. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u

/**
 * Text that is read from right to left, kept to itself (Unicode's isolates): it turns no word or number of ours around
 * that stands beside it.
 */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}

/** A line of rich text. Unlike mrkdwn its text elements are never parsed, so that nothing in them can link or ping. */
export function line(...elements: RichTextElement[]): RichTextSection {
  // Slack takes no empty text.
  const said = elements.filter((element) => element.type !== 'text' || element.text !== '')
  return { type: 'rich_text_section', elements: said }
}

export function richText(...elements: RichTextBlockElement[]): RichTextBlock {
  return { type: 'rich_text', elements }
}

/** A line that stands below another. What stands deeper than Slack indents stands as deep as it can. */
export function indented(depth: number, section: RichTextSection): RichTextSection | RichTextList {
  if (depth === 0) return section
  return { type: 'rich_text_list', style: 'bullet', indent: Math.min(depth - 1, 8), elements: [section] }
}

/** Some fields on one line. */
export function fields(of: readonly { label: string; text: string }[]): RichTextElement[] {
  return of.flatMap(({ label, text }, i) => [plain(`${i === 0 ? '' : ', '}${label} `), code(text)])
}

/** A text as it came, in a box of its own. */
export function box(text: string): RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }
}
