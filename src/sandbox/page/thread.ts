import { createComposer } from './composer.ts'
import { h } from './dom.ts'
import { icon } from './icons.ts'
import { createMessageList } from './message-list.ts'
import { go } from './route.ts'
import type { Do, Part, Scene } from './scene.ts'
import { markRead } from './unread.ts'

/** The side panel with one message and the replies to it. */
export function createThread(act: Do): Part {
  const list = createMessageList(act, { replies: false })
  const composer = createComposer(act)
  const where = h('span', { class: 'panel-where' })
  const close = h(
    'button',
    { class: 'close', type: 'button', 'aria-label': 'Close thread', onclick: () => go({ thread: '' }) },
    icon('close'),
  )
  const element = h(
    'aside',
    { class: 'panel', 'aria-label': 'Thread' },
    h('header', { class: 'panel-head' }, h('h2', {}, 'Thread'), where, close),
    list.element,
    composer.element,
  )

  function update(scene: Scene): void {
    const { directory, route } = scene
    const channel = directory.channel(route.in) ?? directory.directMessage
    element.hidden = route.thread === '' || route.panel !== '' || !channel
    if (element.hidden || !channel) return
    const messages = directory
      .messagesIn(channel.id)
      .filter((message) => message.ts === route.thread || message.thread_ts === route.thread)
    const replies = messages.length - 1
    where.textContent = channel.is_im ? directory.team.app_name : `#${channel.name}`
    const { me, team } = directory
    list.update(scene, `${me.id} ${channel.id} ${route.thread}`, messages, [], '')
    const last = messages.at(-1)
    if (last && replies > 0) markRead(me.id, channel.id, last.ts)
    composer.element.hidden = !directory.isMember(channel)
    composer.update({
      me: me.id,
      channel: channel.id,
      thread_ts: route.thread,
      placeholder: 'Reply…',
      commands: team.commands,
      app_name: team.app_name,
    })
  }

  return { element, update }
}
