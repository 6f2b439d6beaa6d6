import type { Message } from '../protocol.ts'
import { compareTs } from './directory.ts'
import { h } from './dom.ts'
import type { Scene } from './scene.ts'

/** Says new messages to screen readers: only those that arrive while one is there, not a channel's whole past. */
export function createAnnouncer() {
  const element = h('div', { class: 'unseen', 'aria-live': 'polite' })
  let newest = ''
  let listener = ''

  function update({ directory, snapshot }: Scene): void {
    const { me, team } = directory
    const fresh = snapshot.messages.filter(
      (message) =>
        compareTs(message.ts, newest) > 0 &&
        message.user !== me.id &&
        (message.visible_to === null || message.visible_to === me.id),
    )
    const isNews = listener === me.id
    listener = me.id
    for (const message of snapshot.messages) if (compareTs(message.ts, newest) > 0) newest = message.ts
    if (!isNews || fresh.length === 0) return
    element.textContent =
      fresh.length > 3 ? `${fresh.length} new messages` : fresh.map((message) => say(message)).join('. ')

    function say(message: Message): string {
      const author = directory.person(message.user)
      const channel = directory.channel(message.channel)
      const where = channel && !channel.is_im ? ` in ${channel.name}` : ''
      const privately = message.visible_to === null ? '' : ', only to you'
      return `${author?.is_bot ? team.app_name : (author?.real_name ?? '')}${where}${privately}: ${message.text}`
    }
  }

  return { element, update }
}
