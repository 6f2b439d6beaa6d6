/** Every text in blocks, in the order in which it is read and without our isolates; a link's is the one that is shown. */
export function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own =
    'text' in value && typeof value.text === 'string' ? [value.text.replace(/[\u2068\u2069]/g, '')] : []
  return [...own, ...Object.values(value).flatMap(textsIn)]
}

/** Everything in a view that Slack parses: what an agent wrote must never get there unescaped. */
export function parsedTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : []
  return [...own, ...Object.values(value).flatMap(parsedTexts)]
}

/** Characters on a line of a phone, and of its smaller monospaced letters. */
const line = { words: 42, box: 46 }

/** About how many lines of a phone blocks take. */
export function heightOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + heightOf(inner), 0)
  if (typeof value !== 'object' || value === null) return 0
  const { type, elements, text } = value as { type?: string; elements?: unknown[]; text?: unknown }
  switch (type) {
    case 'rich_text_section':
    case 'rich_text_quote':
    case 'context':
      return linesOf(textsIn(elements).join(''), line.words)
    case 'rich_text_preformatted':
      return linesOf(textsIn(elements).join(''), line.box) + 1
    case 'header':
    case 'section':
      return linesOf(textsIn(text).join(''), line.words)
    case 'actions':
      return 2
    default:
      return heightOf(elements ?? [])
  }
}

function linesOf(text: string, characters: number): number {
  return text.split('\n').reduce((sum, one) => sum + Math.max(1, Math.ceil(one.length / characters)), 0)
}
