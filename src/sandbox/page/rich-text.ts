import type { SlackObject } from '../protocol.ts'
import type { Directory } from './directory.ts'
import { append, fragment, h, link } from './dom.ts'
import type { Child } from './dom.ts'
import { emoji, emojiNamed, withEmoji } from './emoji.ts'
import { drawDate, mentionAll, mentionChannel, mentionGroup, mentionUser } from './mentions.ts'
import { number, object, objects, string } from './slack-object.ts'
import { fold } from './fold.ts'

/** A `rich_text` block: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function richText(block: SlackObject, directory: Directory): HTMLElement {
  const parts = objects(block, 'elements').map((part) => richPart(part, directory))
  return h('div', { class: 'rich-text' }, ...parts)
}

function richPart(part: SlackObject, directory: Directory): HTMLElement {
  const bordered = number(part, 'border') ? 'bordered' : ''
  switch (part.type) {
    case 'rich_text_section':
      return h('div', { class: 'rich-section' }, runs(part, directory))
    case 'rich_text_quote':
      return h('blockquote', { class: 'quote' }, runs(part, directory))
    case 'rich_text_preformatted': {
      const text = objects(part, 'elements').map((run) => string(run, 'text') ?? string(run, 'url') ?? '')
      return fold(h('pre', { class: 'pre' }, runs(part, directory)), text.join(''))
    }
    case 'rich_text_list':
      return list(part, directory, bordered)
    default:
      return h('div', { class: 'unknown' }, `Unknown part: ${part.type}`)
  }
}

function list(part: SlackObject, directory: Directory, bordered: string): HTMLElement {
  const ordered = part['style'] === 'ordered'
  const indent = Math.min(Math.max(number(part, 'indent') ?? 0, 0), 8)
  const items = objects(part, 'elements').map((item) => h('li', {}, richPart(item, directory)))
  const start = (number(part, 'offset') ?? 0) + 1
  const style = `rich-list indent-${indent} level-${indent % 3} ${bordered}`
  return ordered ? h('ol', { class: style, start }, ...items) : h('ul', { class: style }, ...items)
}

function runs(part: SlackObject, directory: Directory): DocumentFragment {
  const result = fragment()
  for (const run of objects(part, 'elements')) append(result, [styled(run, drawRun(run, directory))])
  return result
}

/** One stretch of a section. Its text is never parsed: what looks like markup in it is what somebody wrote. */
function drawRun(run: SlackObject, directory: Directory): Child {
  switch (run.type) {
    case 'text':
      return withEmoji(string(run, 'text') ?? '', false)
    case 'link': {
      const url = string(run, 'url') ?? ''
      return link(url, string(run, 'text') || url)
    }
    case 'emoji': {
      const name = string(run, 'name') ?? ''
      const tone = number(run, 'skin_tone')
      const character =
        emojiNamed(tone ? `${name}::skin-tone-${tone}` : name) ?? fromCodePoints(string(run, 'unicode'))
      return character ? emoji(character, name) : `:${name}:`
    }
    case 'user':
      return mentionUser(string(run, 'user_id') ?? '', directory)
    case 'usergroup':
      return mentionGroup(string(run, 'usergroup_id') ?? '', directory)
    case 'channel':
      return mentionChannel(string(run, 'channel_id') ?? '', directory)
    case 'team':
      return h('span', { class: 'mention' }, `@${directory.team.name}`)
    case 'broadcast':
      return mentionAll(string(run, 'range') ?? '')
    case 'date': {
      const seconds = number(run, 'timestamp') ?? Number.NaN
      const [format, url, fallback] = ['format', 'url', 'fallback'].map((key) => string(run, key))
      return drawDate({ seconds, format: format ?? '', url, fallback }, directory)
    }
    case 'color': {
      const value = string(run, 'value') ?? ''
      const swatch = h('span', { class: 'swatch' })
      if (/^#[0-9a-f]{3,8}$/i.test(value)) swatch.style.backgroundColor = value
      return h('span', {}, value, swatch)
    }
    default:
      return `[${run.type}]`
  }
}

const tags = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  highlight: 'mark',
  code: 'code',
} as const

function styled(run: SlackObject, content: Child): Child {
  const style = object(run, 'style')
  if (!style) return content
  return Object.entries(tags).reduce<Child>(
    (inner, [name, tag]) =>
      style[name] === true ? h(tag, { class: tag === 'code' ? 'code' : undefined }, inner) : inner,
    content,
  )
}

function fromCodePoints(unicode: string | undefined): string | undefined {
  if (!unicode || !/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode)) return undefined
  const points = unicode.split('-').map((point) => Number.parseInt(point, 16))
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined
}
