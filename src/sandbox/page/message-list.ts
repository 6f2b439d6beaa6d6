import type { Message } from '../protocol.ts'
import { compareTs, isTopLevel } from './directory.ts'
import { h, keyed } from './dom.ts'
import type { Row } from './dom.ts'
import { drawMessage } from './message.ts'
import type { Do, Scene } from './scene.ts'
import { day, dayName, tsToDate } from './time.ts'

/** Messages of one person within this time stand under one name, as in Slack. */
const together_s = 300

/** A distance from the end, in pixels, within which a reader counts as being at the end. */
const near_end_px = 80

/** A scrolling list of messages that stays at its end while the reader is there. */
export function createMessageList(act: Do, options: { replies: boolean }) {
  const rows = h('div', { class: 'rows' })
  const jump = h('button', { class: 'jump', type: 'button', hidden: true }, 'New messages ↓')
  const scroller = h('div', { class: 'scroller', tabindex: -1 }, rows)
  const element = h('div', { class: 'message-list' }, scroller, jump)
  let shown = ''

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near_end_px
  const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight })
  jump.addEventListener('click', toEnd)
  scroller.addEventListener('scroll', () => {
    if (atEnd()) jump.hidden = true
  })
  // What is drawn late (fonts, images, a composer that grows) must not push the end out of sight.
  let stuck = true
  scroller.addEventListener('scroll', () => (stuck = atEnd()))
  new ResizeObserver(() => stuck && toEnd()).observe(rows)

  /**
   * @param place what is listed; another place starts at its end
   * @param top drawn above the first message
   * @param readTo a line marks what came after this `ts`
   */
  function update(scene: Scene, place: string, messages: Message[], top: Row[], readTo: string): void {
    const moved = place !== shown
    const follow = moved || atEnd()
    const count = rows.childElementCount
    if (moved) rows.replaceChildren()
    shown = place
    keyed(rows, [...top, ...messageRows(scene, messages, readTo, options.replies, act)])
    if (follow) toEnd()
    else if (rows.childElementCount > count) jump.hidden = false
    if (follow) jump.hidden = true
    stuck = follow
  }

  return { element, update, atEnd }
}

function messageRows(
  scene: Scene,
  messages: Message[],
  readTo: string,
  withReplies: boolean,
  act: Do,
): Row[] {
  const { directory } = scene
  const replies = withReplies ? repliesOf(messages) : new Map<string, Message[]>()
  const known = new Set(messages.filter(isTopLevel).map((message) => message.ts))
  // A private answer in a thread whose first message is not listed would otherwise be seen nowhere.
  const listed = withReplies
    ? messages.filter((message) => isTopLevel(message) || !known.has(message.thread_ts ?? ''))
    : messages
  const rows: Row[] = []
  let before: Message | undefined
  let newShown = false
  for (const message of listed) {
    const at = tsToDate(message.ts)
    const today = day(at, directory.me.tz)
    if (withReplies && (!before || day(tsToDate(before.ts), directory.me.tz) !== today)) {
      const name = dayName(at, directory.me.tz)
      rows.push({ key: `day ${today}`, signature: name, build: () => line('day', name) })
      before = undefined
    }
    if (!newShown && readTo !== '' && message.user !== directory.me.id && compareTs(message.ts, readTo) > 0) {
      newShown = true
      before = undefined
      rows.push({ key: 'new', signature: '', build: () => line('new', 'New') })
    }
    const look = { compact: goesWith(message, before), replies: replies.get(message.ts) ?? [] }
    rows.push({
      key: `${message.ts} ${message.visible_to ?? ''}`,
      signature: JSON.stringify([message, look, directory.me, scene.snapshot.groups]),
      build: () => drawMessage(message, scene, look, act),
    })
    before = message
    if (!withReplies && message === listed[0]) {
      const count = listed.length - 1
      const text = `${count} ${count === 1 ? 'reply' : 'replies'}`
      if (count > 0) rows.push({ key: 'replies', signature: text, build: () => line('replies', text) })
      before = undefined
    }
  }
  return rows
}

function goesWith(message: Message, before: Message | undefined): boolean {
  if (!before || before.user !== message.user || before.visible_to !== message.visible_to) return false
  // Cards keep their head: a button far below the name of who asks would be easy to misread.
  if (message.blocks.length > 0 || before.blocks.length > 0) return false
  return Number(message.ts) - Number(before.ts) < together_s
}

function repliesOf(messages: Message[]): Map<string, Message[]> {
  const replies = new Map<string, Message[]>()
  for (const message of messages) {
    if (isTopLevel(message) || message.thread_ts === null) continue
    replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message])
  }
  return replies
}

function line(kind: 'day' | 'new' | 'replies', text: string): HTMLElement {
  return h('div', { class: `line line-${kind}`, role: 'separator' }, h('span', { class: 'line-text' }, text))
}
