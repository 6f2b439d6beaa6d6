import { avatar } from './avatar.ts'
import { createDirectory } from './directory.ts'
import { h, keyed } from './dom.ts'
import { icon } from './icons.ts'
import { openMenu } from './popup.ts'
import { go } from './route.ts'
import type { Part, Scene } from './scene.ts'
import { themeButton } from './theme.ts'
import { unreadIn } from './unread.ts'

/** Above everything: what this is, who one is, what Slack would refuse. */
export function createTopBar(): Part {
  const menu = h(
    'button',
    { class: 'bar-button bar-menu', type: 'button', 'aria-label': 'Channels' },
    icon('menu'),
  )
  menu.addEventListener('click', () => document.body.classList.toggle('menu-open'))
  const complaints = h('span', { class: 'bar-slot' })
  const person = h('span', { class: 'bar-slot' })
  const dot = h('span', { class: 'dot', title: 'Others have unread messages' })
  const element = h(
    'header',
    { class: 'top-bar' },
    menu,
    h(
      'div',
      { class: 'bar-name' },
      icon('flask'),
      h('strong', {}, 'Sandbox workspace'),
      h('span', { class: 'bar-note' }, 'a stand-in for Slack: nothing here leaves this machine'),
    ),
    h('div', { class: 'bar-right' }, complaints, themeButton(), person),
  )

  let latest: Scene | undefined

  function update(scene: Scene): void {
    latest = scene
    const { snapshot, directory, route } = scene
    const count = snapshot.complaints.length
    keyed(complaints, [
      {
        key: 'complaints',
        signature: `${count} ${route.panel}`,
        build: () => complaintsButton(count, route.panel === 'complaints'),
      },
    ])
    dot.hidden = !directory.humans.some(
      (human) => human.id !== directory.me.id && waiting(scene, human.id) > 0,
    )
    keyed(person, [
      {
        key: 'person',
        signature: JSON.stringify(directory.me),
        build: () => personSwitch(() => latest ?? scene, dot),
      },
    ])
  }

  return { element, update }
}

function complaintsButton(count: number, open: boolean): HTMLElement {
  return h(
    'button',
    {
      class: `bar-button ${count > 0 ? 'alarmed' : ''}`,
      type: 'button',
      'aria-expanded': String(open),
      title: 'What Slack would have refused',
      onclick: () => go({ panel: open ? '' : 'complaints' }),
    },
    icon('shield'),
    h('span', { class: 'bar-label' }, 'Complaints'),
    count > 0 && h('span', { class: 'count' }, String(count)),
  )
}

/** The button and, while it is open, its menu: one element, so that a redraw of the bar leaves the menu alone. */
function personSwitch(scene: () => Scene, dot: HTMLElement): HTMLElement {
  const { me } = scene().directory
  const [first = '', ...rest] = me.real_name.split(' ')
  const control = h(
    'button',
    { class: 'bar-button person-button', type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
    h('span', { class: 'person-you' }, 'You are:'),
    avatar(me, 'small'),
    h('strong', {}, first, h('span', { class: 'person-rest' }, ` ${rest.join(' ')}`)),
    dot,
    icon('down'),
  )
  control.addEventListener('click', () =>
    openMenu(control, {
      label: 'Be somebody else',
      role: 'menu',
      searchable: false,
      choices: () =>
        scene().directory.humans.map((human) => ({
          id: human.id,
          words: human.real_name,
          chosen: human.id === scene().directory.me.id,
          draw: () => {
            const unread = waiting(scene(), human.id)
            return [
              avatar(human, 'medium'),
              h(
                'span',
                { class: 'person-words' },
                h('strong', {}, human.real_name),
                h('small', { class: 'soft' }, human.title),
              ),
              unread > 0 && h('span', { class: 'count' }, String(unread)),
            ]
          },
        })),
      pick: (id) => {
        go({ as: id })
        return false
      },
    }),
  )
  return h('span', { class: 'bar-slot' }, control)
}

/** How much is unread for a person, over all their channels. */
function waiting({ snapshot }: Scene, person: string): number {
  const directory = createDirectory(snapshot, person)
  const channels = [...directory.joined, ...(directory.directMessage ? [directory.directMessage] : [])]
  return channels.reduce((sum, channel) => sum + unreadIn(directory, channel.id).length, 0)
}
