import type { Message } from '../protocol.ts'
import { avatar } from './avatar.ts'
import { drawBlocks } from './blocks.ts'
import { isTopLevel } from './directory.ts'
import { h } from './dom.ts'
import { fold } from './fold.ts'
import { icon } from './icons.ts'
import { mrkdwn } from './mrkdwn.ts'
import { showPayload } from './payload.ts'
import { go } from './route.ts'
import type { Do, Scene } from './scene.ts'
import type { Surface } from './surface.ts'
import { clockTime, fullTime, tsToDate } from './time.ts'

export type MessageLook = {
  /** Said right after the one before by the same person: no name, no picture. */
  compact: boolean
  /** Its replies that this person can see; none are announced where the message stands in a thread itself. */
  replies: Message[]
}

/** One message as Slack's desktop draws it. */
export function drawMessage(message: Message, scene: Scene, look: MessageLook, act: Do): HTMLElement {
  const { directory } = scene
  const author = directory.person(message.user)
  const isApp = author?.is_bot ?? false
  const at = tsToDate(message.ts)
  const name = isApp ? directory.team.app_name : (author?.real_name ?? message.user)
  const time = h(
    'time',
    { class: 'message-time', datetime: at.toISOString(), title: fullTime(at, directory.me.tz) },
    clockTime(at, directory.me.tz),
  )
  const head = h(
    'div',
    { class: 'message-head' },
    h('span', { class: 'message-name' }, name),
    isApp && h('span', { class: 'badge-app' }, 'APP'),
    time,
  )
  return h(
    'article',
    {
      class: `message ${look.compact ? 'compact' : ''} ${message.visible_to === null ? '' : 'private'}`,
      tabindex: -1,
      'aria-label': `${name}, ${clockTime(at, directory.me.tz)}`,
      'data-ts': message.ts,
      'data-channel': message.channel,
      'data-visible-to': message.visible_to,
    },
    message.visible_to !== null &&
      h('div', { class: 'message-private' }, icon('eye'), h('span', {}, 'Only visible to you')),
    h('div', { class: 'message-side' }, look.compact ? time : avatar(author, 'medium')),
    h(
      'div',
      { class: 'message-main' },
      !look.compact && head,
      body(message, scene, act),
      files(message),
      repliesBar(look.replies, scene),
    ),
    toolbar(message),
  )
}

function body(message: Message, scene: Scene, act: Do): HTMLElement {
  const edited =
    message.edited_at !== null &&
    h(
      'span',
      { class: 'edited', title: fullTime(new Date(message.edited_at), scene.directory.me.tz) },
      ' (edited)',
    )
  if (message.blocks.length === 0) {
    const text = h('div', { class: 'message-text' }, mrkdwn(message.text, scene.directory), edited)
    return fold(text, message.text)
  }
  return drawBlocks(message.blocks, surfaceOf(message, scene, act))
}

/** What was uploaded into a message: pictures are shown, other files named. */
function files(message: Message): HTMLElement | undefined {
  if (!message.files?.length) return undefined
  return h(
    'div',
    { class: 'files' },
    ...message.files.map((file) =>
      file.mimetype.startsWith('image/')
        ? h('img', { class: 'image-large', src: file.url, alt: file.title, title: file.title })
        : h('a', { class: 'file link', href: file.url, target: '_blank' }, file.title || file.name),
    ),
  )
}

function surfaceOf(message: Message, scene: Scene, act: Do): Surface {
  const { channel, ts } = message
  return {
    directory: scene.directory,
    marks: { 'data-ts': ts, 'data-channel': channel },
    fields: new Map(),
    held: {},
    act: (action_id, block_id, value) =>
      act({
        do: 'click',
        as: scene.directory.me.id,
        channel,
        ts,
        action_id,
        ...(block_id === undefined ? {} : { block_id }),
        ...(value === undefined ? {} : { value }),
      }),
  }
}

function repliesBar(replies: Message[], scene: Scene): HTMLElement | undefined {
  const last = replies.at(-1)
  if (!last) return undefined
  const authors = [...new Set(replies.map((reply) => reply.user))].slice(0, 4)
  const at = tsToDate(last.ts)
  return h(
    'button',
    { class: 'replies', type: 'button', onclick: () => openThread(last) },
    ...authors.map((id) => avatar(scene.directory.person(id), 'small')),
    h('span', { class: 'replies-count' }, `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`),
    h('span', { class: 'replies-last' }, `Last reply at ${clockTime(at, scene.directory.me.tz)}`),
  )
}

function toolbar(message: Message): HTMLElement {
  return h(
    'div',
    { class: 'message-tools' },
    message.visible_to === null &&
      h(
        'button',
        {
          class: 'tool',
          type: 'button',
          title: 'Reply in thread',
          'aria-label': 'Reply in thread',
          onclick: () => openThread(message),
        },
        icon('reply'),
      ),
    h(
      'button',
      {
        class: 'tool',
        type: 'button',
        title: 'What the app sent',
        'aria-label': 'What the app sent',
        onclick: () => showPayload(message),
      },
      icon('code'),
    ),
  )
}

function openThread(message: Message): void {
  go({ thread: isTopLevel(message) ? message.ts : (message.thread_ts ?? ''), panel: '' })
}
