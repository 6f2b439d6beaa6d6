import type { SlackObject } from '../protocol.ts'
import type { Directory } from './directory.ts'
import { h } from './dom.ts'
import { object, words } from './slack-object.ts'
import { drawText } from './text-object.ts'

/** Asks before an action, where the app wants that. Resolves to whether the person went ahead. */
export function confirmed(element: SlackObject, directory: Directory): Promise<boolean> {
  const confirm = object(element, 'confirm')
  if (!confirm) return Promise.resolve(true)
  const style = confirm['style'] === 'danger' ? 'danger' : 'primary'
  const title = h(
    'h2',
    { class: 'dialog-title', id: 'confirm-title' },
    words(confirm, 'title') || 'Are you sure?',
  )
  const deny = h(
    'button',
    { class: 'button', type: 'submit', value: 'deny' },
    words(confirm, 'deny') || 'Cancel',
  )
  const go = h(
    'button',
    { class: `button ${style}`, type: 'submit', value: 'go' },
    words(confirm, 'confirm') || 'Yes',
  )
  const dialog = h(
    'dialog',
    { class: 'dialog dialog-small', 'aria-labelledby': 'confirm-title' },
    h(
      'form',
      { method: 'dialog' },
      h('header', { class: 'dialog-head' }, title),
      h('div', { class: 'dialog-body' }, drawText(object(confirm, 'text'), directory)),
      h('footer', { class: 'dialog-foot' }, deny, go),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
  go.focus()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'go')
    })
  })
}
