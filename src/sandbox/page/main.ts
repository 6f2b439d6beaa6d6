import type { Snapshot } from '../protocol.ts'
import { createAnnouncer } from './announce.ts'
import { createChannel, createChannelHead } from './channel.ts'
import { createComplaints } from './complaints.ts'
import { act, follow } from './connection.ts'
import { createDirectory } from './directory.ts'
import { h } from './dom.ts'
import { createAppHead, createHome } from './home.ts'
import { createModals } from './modal.ts'
import { readRoute } from './route.ts'
import type { Do, Scene } from './scene.ts'
import { createSidebar } from './sidebar.ts'
import { createThread } from './thread.ts'
import { createTopBar } from './top-bar.ts'
import { unreadIn } from './unread.ts'

/** The one loop: a new state of the workspace, or a new place in it, draws every part again from one scene. */
let snapshot: Snapshot | undefined

const perform: Do = async (what) => {
  const result = await act(what)
  connection.refresh()
  return result
}

const channelHead = createChannelHead()
const appHead = createAppHead()
const heads = h('div', { class: 'heads' }, channelHead.element, appHead.element)
const homeHead = createAppHead()
const channel = createChannel(perform, heads)
const home = createHome(perform, homeHead.element)
const side = [createThread(perform), createComplaints()]
const topBar = createTopBar()
const sidebar = createSidebar()
const offline = h('div', { class: 'offline', role: 'status', hidden: true }, 'Reconnecting to the workspace…')
const main = h('main', { class: 'main' }, channel.element, home.element)
const workspace = h(
  'div',
  { class: 'workspace' },
  sidebar.element,
  h('div', { class: 'card' }, main, ...side.map((part) => part.element)),
)
const modals = createModals(perform, () => workspace)
const announcer = createAnnouncer()
const parts = [topBar, sidebar, channelHead, appHead, homeHead, channel, home, ...side, modals, announcer]

function draw(): void {
  if (!snapshot) return
  const scene = sceneOf(snapshot)
  const { directory, route } = scene
  const isHome = route.in === 'home'
  home.element.hidden = !isHome
  channel.element.hidden = isHome
  channelHead.element.hidden = directory.directMessage?.id === route.in
  appHead.element.hidden = !channelHead.element.hidden
  for (const part of parts) part.update(scene)
  // What was just read is unread no longer.
  sidebar.update(scene)
  document.body.classList.remove('loading')
  document.body.classList.toggle('panel-open', route.thread !== '' || route.panel !== '')
  document.title = titleOf(scene)
}

/** The route made whole: a person who exists, and a place that this person may see. */
function sceneOf(state: Snapshot): Scene {
  const wanted = readRoute()
  const directory = createDirectory(state, wanted.as)
  const seen = [
    ...directory.joined,
    ...directory.others,
    ...(directory.directMessage ? [directory.directMessage] : []),
  ]
  const isSeen = wanted.in === 'home' || seen.some((one) => one.id === wanted.in)
  const fallback =
    wanted.in === 'messages' ? (directory.directMessage?.id ?? 'home') : (seen[0]?.id ?? 'home')
  return {
    snapshot: state,
    directory,
    route: { ...wanted, as: directory.me.id, in: isSeen ? wanted.in : fallback },
  }
}

function titleOf({ directory, route }: Scene): string {
  const unread = directory.joined.reduce((sum, one) => sum + unreadIn(directory, one.id).length, 0)
  const place = directory.channel(route.in)
  const name = place && !place.is_im ? `#${place.name}` : directory.team.app_name
  return `${unread > 0 ? `(${unread}) ` : ''}${name} · Sandbox workspace`
}

document.body.append(topBar.element, workspace, modals.element, offline, announcer.element)
workspace.addEventListener('click', (event) => {
  if (!event.composedPath().includes(sidebar.element)) document.body.classList.remove('menu-open')
})
addEventListener('hashchange', draw)
document.addEventListener('visibilitychange', draw)

const connection = follow(
  (state) => {
    snapshot = state
    draw()
  },
  (online) => {
    offline.hidden = online
  },
)
