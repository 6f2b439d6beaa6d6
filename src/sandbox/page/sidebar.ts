import type { Channel } from '../protocol.ts'
import { avatar } from './avatar.ts'
import { h, keyed } from './dom.ts'
import type { Child, Row } from './dom.ts'
import { icon } from './icons.ts'
import { go } from './route.ts'
import type { Part, Scene } from './scene.ts'
import { unreadIn } from './unread.ts'

/** Channels, direct messages and the app, each with what is unread in it. */
export function createSidebar(): Part {
  const nav = h('nav', { class: 'sidebar-nav', 'aria-label': 'Channels' })
  const name = h('h2', { class: 'sidebar-name' })
  const element = h('div', { class: 'sidebar' }, h('header', { class: 'sidebar-head' }, name), nav)

  function update(scene: Scene): void {
    const { directory, route } = scene
    const { team } = directory
    name.textContent = team.name
    const channelRow = (channel: Channel, dim: string) =>
      row(scene, channel.id, {
        current: route.in === channel.id,
        unread: dim ? 0 : unreadIn(directory, channel.id).length,
        look: dim,
        draw: () => [
          icon(channel.is_private ? 'lock' : 'hash'),
          h('span', { class: 'nav-text' }, channel.name),
        ],
      })
    const bot = directory.person(team.bot_user_id)
    const dm = directory.directMessage
    const app = (to: string, unread: number): Row =>
      row(scene, to, {
        current: route.in === to,
        unread,
        look: '',
        draw: () => [avatar(bot, 'small'), h('span', { class: 'nav-text' }, team.app_name)],
      })
    keyed(nav, [
      title('Channels'),
      ...directory.joined.map((channel) => channelRow(channel, '')),
      ...(directory.others.length > 0 ? [title('Not a member')] : []),
      ...directory.others.map((channel) => channelRow(channel, 'dim')),
      title('Direct messages'),
      app(dm?.id ?? 'messages', dm ? unreadIn(directory, dm.id).length : 0),
      title('Apps'),
      app('home', 0),
    ])
  }

  return { element, update }
}

type Look = { current: boolean; unread: number; look: string; draw: () => Child[] }

function row({ directory }: Scene, to: string, { current, unread, look, draw }: Look): Row {
  return {
    key: to,
    signature: JSON.stringify([current, unread, look, directory.channel(to), directory.team.app_name]),
    build: () =>
      h(
        'button',
        {
          class: `nav-item ${look} ${unread > 0 ? 'unread' : ''}`,
          type: 'button',
          'aria-current': current ? 'page' : undefined,
          'data-nav': to,
          onclick: () => {
            document.body.classList.remove('menu-open')
            go({ in: to })
          },
        },
        ...draw(),
        unread > 0 &&
          h(
            'span',
            { class: 'count', 'aria-label': `${unread} unread` },
            unread > 99 ? '99+' : String(unread),
          ),
      ),
  }
}

function title(text: string): Row {
  return { key: `title ${text}`, signature: text, build: () => h('h3', { class: 'nav-title' }, text) }
}
