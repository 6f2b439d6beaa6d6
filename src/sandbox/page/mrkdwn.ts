import type { Directory } from './directory.ts'
import { append, fragment, h, isSafeAddress, link } from './dom.ts'
import { withEmoji } from './emoji.ts'
import { drawDate, mentionAll, mentionChannel, mentionGroup, mentionUser } from './mentions.ts'

/**
 * Draws Slack's mrkdwn (https://docs.slack.dev/messaging/formatting-message-text): fences first, then quotes line by
 * line, then code, `<…>` marks, emphasis and emoji within a line.
 */
export function mrkdwn(text: string, directory: Directory): DocumentFragment {
  const result = fragment()
  // Odd pieces are what stood between two fences; an unclosed fence is text like any other.
  for (const [index, piece] of text.split(/```([\s\S]+?)```/g).entries()) {
    if (index % 2 === 1) result.append(h('pre', { class: 'pre' }, marks(piece.replace(/^\n/, ''), directory)))
    else result.append(lines(index > 0 ? piece.replace(/^\n/, '') : piece, directory))
  }
  return result
}

function lines(text: string, directory: Directory): DocumentFragment {
  const result = fragment()
  if (text === '') return result
  let quote: HTMLElement | undefined
  let broken = false
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line)
    if (quoted) {
      if (quote) append(quote, [h('br')])
      else append(result, [(quote = h('blockquote', { class: 'quote' }))])
      append(quote, [inline(quoted[1] ?? '', directory, '')])
      broken = false
      continue
    }
    if (broken) append(result, [h('br')])
    append(result, [inline(line, directory, '')])
    quote = undefined
    broken = true
  }
  return result
}

const emphasis: Record<string, 'strong' | 'em' | 's'> = { '*': 'strong', _: 'em', '~': 's' }

/** @param inside the delimiters already open around this text: nobody is bold twice, and depth ends at three */
function inline(text: string, directory: Directory, inside: string): DocumentFragment {
  const result = fragment()
  let plain = ''
  let at = 0
  const dead = new Set<string>()
  const flush = () => {
    append(result, [drawPlain(plain)])
    plain = ''
  }
  while (at < text.length) {
    const character = text.charAt(at)
    const end = atomEnd(text, at)
    if (end > at) {
      flush()
      const body = text.slice(at + 1, end)
      append(result, [
        character === '`' ? h('code', { class: 'code' }, marks(body, directory)) : mark(body, directory),
      ])
      at = end + 1
      continue
    }
    const tag = emphasis[character]
    if (tag && !inside.includes(character) && !dead.has(character) && opens(text, at)) {
      const close = closing(text, at, character)
      if (close > 0) {
        flush()
        append(result, [h(tag, {}, inline(text.slice(at + 1, close), directory, inside + character))])
        at = close + 1
        continue
      }
      // No end from here means none further on either: without this a row of stars costs the square of its length.
      if (close === noneLeft) dead.add(character)
    }
    plain += character
    at += 1
  }
  flush()
  return result
}

/** Where the code span or `<…>` mark that starts here ends, or -1. */
function atomEnd(text: string, at: number): number {
  const character = text.charAt(at)
  if (character === '<') {
    const end = text.indexOf('>', at)
    return end > at + 1 && !text.slice(at + 1, end).includes('<') ? end : -1
  }
  if (character !== '`') return -1
  const end = text.indexOf('`', at + 1)
  return end > at + 1 ? end : -1
}

const wordly = /[\p{L}\p{N}_*~]/u
const noneLeft = -1

function opens(text: string, at: number): boolean {
  const before = text.charAt(at - 1)
  const after = text.charAt(at + 1)
  const bound = before === '' || !wordly.test(before) || (before in emphasis && before !== text.charAt(at))
  return bound && after !== '' && !/\s/.test(after) && after !== text.charAt(at)
}

function closing(text: string, open: number, delimiter: string): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const end = atomEnd(text, at)
    if (end > at) {
      at = end
      continue
    }
    if (text.charAt(at) !== delimiter || at === open + 1) continue
    const after = text.charAt(at + 1)
    const bound = after === '' || !wordly.test(after) || (after in emphasis && after !== delimiter)
    if (bound && !/\s/.test(text.charAt(at - 1))) return at
  }
  return noneLeft
}

/** Text in which only `<…>` marks count, as in code. */
function marks(text: string, directory: Directory): DocumentFragment {
  const result = fragment()
  for (const [index, piece] of text.split(/<([^<>]+)>/g).entries()) {
    append(result, [index % 2 === 1 ? mark(piece, directory) : decode(piece)])
  }
  return result
}

function mark(body: string, directory: Directory): Node {
  const bar = body.indexOf('|')
  const target = bar < 0 ? body : body.slice(0, bar)
  const label = bar < 0 ? undefined : decode(body.slice(bar + 1))
  const kind = target.charAt(0)
  if (kind === '@') return mentionUser(target.slice(1), directory)
  if (kind === '#') return mentionChannel(target.slice(1), directory)
  if (kind === '!') return special(target.slice(1), label, directory)
  const url = decode(target)
  if (!isSafeAddress(url)) return document.createTextNode(`<${decode(body)}>`)
  return link(url, label === undefined || label === '' ? url.replace(/^mailto:/, '') : withEmoji(label, true))
}

function special(command: string, label: string | undefined, directory: Directory): Node {
  const [name = '', first = '', second = '', url] = command.split('^')
  if (['here', 'channel', 'everyone'].includes(name)) return mentionAll(name)
  if (name === 'subteam') return mentionGroup(first, directory, label)
  if (name === 'date') {
    return drawDate(
      { seconds: Number(first), format: decode(second), url: url && decode(url), fallback: label },
      directory,
    )
  }
  return document.createTextNode(label ?? `<!${command}>`)
}

/** Bare addresses become links, as Slack does when a message is posted; emoji are drawn. */
function drawPlain(text: string): DocumentFragment {
  const result = fragment()
  for (const [index, piece] of text.split(/(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]])/g).entries()) {
    append(result, [index % 2 === 1 ? link(decode(piece), decode(piece)) : withEmoji(decode(piece), true)])
  }
  return result
}

/** Slack escapes these three and no others; `&amp;` last, so that nothing is decoded twice. */
function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
