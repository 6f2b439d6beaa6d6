import { h } from './dom.ts'
import { icon } from './icons.ts'

/** Shows the JSON behind a message or view: an app's author wants to see what was sent, not only how it looks. */
export function showPayload(payload: unknown): void {
  const close = h('button', { class: 'close', type: 'submit', 'aria-label': 'Close' }, icon('close'))
  const dialog = h(
    'dialog',
    { class: 'dialog dialog-wide', 'aria-label': 'What the app sent' },
    h(
      'form',
      { method: 'dialog' },
      h('header', { class: 'dialog-head' }, h('h2', { class: 'dialog-title' }, 'What the app sent'), close),
      h(
        'div',
        { class: 'dialog-body' },
        h('pre', { class: 'pre payload' }, JSON.stringify(payload, null, 2)),
      ),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
