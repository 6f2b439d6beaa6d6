import { h } from './dom.ts'
import { icon } from './icons.ts'

const shown_ms = 6000
const shelf = h('div', { class: 'toasts', role: 'alert', popover: 'manual' })
document.body.append(shelf)

/** Says for a few seconds what went wrong. A popover, because a plain element would be drawn below a dialog. */
export function toast(text: string): void {
  const note = h('div', { class: 'toast' }, icon('warning'), h('span', {}, text))
  shelf.append(note)
  shelf.hidePopover()
  shelf.showPopover()
  setTimeout(() => {
    note.remove()
    if (shelf.childElementCount === 0) shelf.hidePopover()
  }, shown_ms)
}
