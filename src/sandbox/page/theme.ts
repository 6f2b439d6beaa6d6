import { h } from './dom.ts'
import { icon } from './icons.ts'

const store = 'sandbox.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')

const current = () => localStorage.getItem(store) ?? (dark.matches ? 'dark' : 'light')

/** Light or dark: what the system prefers, until one is chosen by hand. */
export function themeButton(): HTMLElement {
  const control = h('button', {
    class: 'bar-button',
    type: 'button',
    'aria-label': 'Light or dark',
    title: 'Light or dark',
  })
  const apply = () => {
    document.documentElement.dataset['theme'] = current()
    control.replaceChildren(icon(current() === 'dark' ? 'sun' : 'moon'))
  }
  control.addEventListener('click', () => {
    localStorage.setItem(store, current() === 'dark' ? 'light' : 'dark')
    apply()
  })
  dark.addEventListener('change', apply)
  apply()
  return control
}
