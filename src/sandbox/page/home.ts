import type { SlackObject } from '../protocol.ts'
import { avatar } from './avatar.ts'
import { drawBlocks } from './blocks.ts'
import { h, keyed } from './dom.ts'
import { icon } from './icons.ts'
import { go } from './route.ts'
import type { Do, Part, Scene } from './scene.ts'
import { objects } from './slack-object.ts'

/** The head of everything that belongs to the app: its name, and its two tabs. */
export function createAppHead(): Part {
  const element = h('header', { class: 'main-head app-head' })

  function update({ directory, route }: Scene): void {
    const home = route.in === 'home'
    const { team, directMessage } = directory
    const tab = (label: string, selected: boolean, to: string) =>
      h(
        'button',
        {
          class: 'tab',
          type: 'button',
          role: 'tab',
          'aria-selected': String(selected),
          onclick: () => go({ in: to }),
        },
        label,
      )
    keyed(element, [
      {
        key: 'head',
        signature: JSON.stringify([home, team, directMessage?.id]),
        build: () =>
          h(
            'div',
            {},
            h(
              'div',
              { class: 'main-head-row' },
              h(
                'h1',
                { class: 'main-title' },
                avatar(directory.person(team.bot_user_id), 'small'),
                h('span', {}, team.app_name),
                h('span', { class: 'badge-app' }, 'APP'),
              ),
            ),
            h(
              'div',
              { class: 'tabs', role: 'tablist' },
              tab('Home', home, 'home'),
              tab('Messages', !home, directMessage?.id ?? 'messages'),
            ),
          ),
      },
    ])
  }

  return { element, update }
}

/** The app's Home tab as this person sees it. Opening it tells the app, which may then publish it. */
export function createHome(act: Do, head: HTMLElement): Part {
  const body = h('div', { class: 'home-body' })
  const element = h('section', { class: 'channel home' }, head, h('div', { class: 'scroller' }, body))
  let opened = ''

  function update(scene: Scene): void {
    const { directory, snapshot, route } = scene
    const { me, team } = directory
    if (route.in !== 'home') {
      opened = ''
      return
    }
    if (opened !== me.id) {
      opened = me.id
      void act({ do: 'open_home', as: me.id })
    }
    const view = snapshot.homes.find((home) => home.user === me.id)?.view
    keyed(body, [
      view
        ? { key: me.id, signature: JSON.stringify([view, me]), build: () => drawHome(view, scene, act) }
        : { key: 'empty', signature: team.app_name, build: () => empty(team.app_name) },
    ])
  }

  return { element, update }
}

function drawHome(view: SlackObject, { directory }: Scene, act: Do): HTMLElement {
  const as = directory.me.id
  return drawBlocks(objects(view, 'blocks'), {
    directory,
    marks: { 'data-view-id': 'home' },
    fields: new Map(),
    held: {},
    act: (action_id, block_id, value) =>
      act({
        do: 'click_in_home',
        as,
        action_id,
        ...(block_id === undefined ? {} : { block_id }),
        ...(value === undefined ? {} : { value }),
      }),
  })
}

function empty(app: string): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    icon('home'),
    h('h3', {}, 'Nothing here yet'),
    h('p', {}, `${app} has not published a Home tab for you.`),
  )
}
