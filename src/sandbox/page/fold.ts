import { h } from './dom.ts'

/** Where Slack folds a long text is not documented; these are about what its desktop client shows. */
const most_characters = 700
const most_lines = 12

/** Wraps a drawn text: when it is long, its beginning shows, with "Show more" below. */
export function fold(content: HTMLElement, text: string): HTMLElement {
  const lines = text.trimEnd().split('\n').length
  if (text.length <= most_characters && lines <= most_lines) return content
  const body = h('div', { class: 'fold-body' }, content)
  const toggle = h('button', { class: 'fold-toggle', type: 'button', 'aria-expanded': 'false' }, 'Show more')
  toggle.addEventListener('click', () => {
    const open = body.classList.toggle('open')
    toggle.textContent = open ? 'Show less' : 'Show more'
    toggle.setAttribute('aria-expanded', String(open))
  })
  return h('div', { class: 'fold' }, body, toggle)
}
