import type { Channel } from '../protocol.ts'
import { avatar } from './avatar.ts'
import { createComposer } from './composer.ts'
import { h, keyed } from './dom.ts'
import { icon } from './icons.ts'
import { createMessageList } from './message-list.ts'
import type { Do, Part, Scene } from './scene.ts'
import { markRead, readUpTo } from './unread.ts'

/** A channel or a direct message: its head, its messages, and the place to write. */
export function createChannel(act: Do, head: HTMLElement): Part {
  const list = createMessageList(act, { replies: true })
  const composer = createComposer(act)
  const notice = h('div', { class: 'notice' })
  const element = h('section', { class: 'channel' }, head, list.element, notice, composer.element)
  let entered = ''
  let readTo = ''

  function update(scene: Scene): void {
    const { directory, route } = scene
    const channel = directory.channel(route.in)
    if (!channel) return
    const { me, team } = directory
    const place = `${me.id} ${channel.id}`
    if (place !== entered) {
      entered = place
      readTo = readUpTo(me.id, channel.id)
    }
    const messages = directory.messagesIn(channel.id)
    list.update(scene, place, messages, [beginning(scene, channel)], readTo)
    const last = messages.at(-1)
    if (last && list.atEnd() && document.visibilityState === 'visible') markRead(me.id, channel.id, last.ts)

    const isMember = directory.isMember(channel)
    composer.element.hidden = !isMember || channel.is_archived
    notice.hidden = !composer.element.hidden
    notice.textContent = channel.is_archived
      ? `#${channel.name} is archived.`
      : `${me.real_name} is not in #${channel.name}, and is only looking in.`
    const to = channel.is_im ? team.app_name : `#${channel.name}`
    const { commands, app_name } = team
    composer.update({ me: me.id, channel: channel.id, placeholder: `Message ${to}`, commands, app_name })
  }

  return { element, update }
}

function beginning(scene: Scene, channel: Channel) {
  const { team } = scene.directory
  const name = channel.is_im ? team.app_name : channel.name
  return {
    key: 'beginning',
    signature: JSON.stringify([channel, name]),
    build: () =>
      h(
        'div',
        { class: 'beginning' },
        h('h2', {}, channel.is_im ? name : `# ${name}`),
        h(
          'p',
          { class: 'soft' },
          channel.is_im
            ? `This is the very beginning of your direct message with ${name}.`
            : `This is the very beginning of #${name}. ${channel.topic}`,
        ),
      ),
  }
}

/** The line above a channel: its name, its topic, who is in it. */
export function createChannelHead(): Part {
  const element = h('header', { class: 'main-head' })

  function update({ directory, route }: Scene): void {
    const channel = directory.channel(route.in)
    if (!channel) return
    const members = channel.members.map((id) => directory.person(id)).filter((person) => person !== undefined)
    keyed(element, [
      {
        key: channel.id,
        signature: JSON.stringify([channel, directory.me.id]),
        build: () =>
          h(
            'div',
            { class: 'main-head-row' },
            h(
              'h1',
              { class: 'main-title' },
              icon(channel.is_private ? 'lock' : 'hash'),
              h('span', {}, channel.name),
            ),
            h('span', { class: 'main-topic' }, channel.topic),
            h(
              'span',
              { class: 'members', title: members.map((person) => person.real_name).join(', ') },
              ...members.slice(0, 3).map((person) => avatar(person, 'small')),
              h('span', { class: 'members-count' }, String(members.length)),
            ),
          ),
      },
    ])
  }

  return { element, update }
}
