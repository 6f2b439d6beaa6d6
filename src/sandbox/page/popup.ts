import { h, keyed } from './dom.ts'
import type { Child } from './dom.ts'

export type Choice = {
  id: string
  /** Rows of one group stand below its name. */
  group?: string | undefined
  /** What searching looks at. */
  words: string
  chosen: boolean
  draw: () => Child[]
}

export type MenuOptions = {
  label: string
  choices: () => Choice[]
  /** `true` keeps the menu open: another may be picked. */
  pick: (id: string) => boolean
  searchable: boolean
  role: 'listbox' | 'menu'
}

let counter = 0

/**
 * A list that opens below `anchor` (a button that stands somewhere already) and is worked by arrows, Enter and Escape.
 * A popover of the anchor's own parent: it stays above a modal, and belongs to it for keyboard and screen reader.
 */
export function openMenu(anchor: HTMLElement, options: MenuOptions): void {
  const item = options.role === 'menu' ? 'menuitem' : 'option'
  const id = `menu-${(counter += 1)}`
  let query = ''
  let active = 0
  const list = h('div', { class: 'menu-list', role: options.role, 'aria-label': options.label, tabindex: -1 })
  const search = h('input', {
    class: 'menu-search',
    type: 'text',
    placeholder: 'Search',
    'aria-label': `Search ${options.label}`,
    autocomplete: 'off',
  })
  const menu = h('div', { class: 'menu', popover: 'auto', id }, options.searchable && search, list)

  const matching = () =>
    options.choices().filter((choice) => choice.words.toLowerCase().includes(query.trim().toLowerCase()))

  function draw(): void {
    const choices = matching()
    active = Math.max(0, Math.min(active, choices.length - 1))
    const rows = choices.map((choice, index) => ({
      key: choice.id,
      signature: JSON.stringify([
        choice.chosen,
        index === active,
        choice.group !== choices[index - 1]?.group,
      ]),
      build: () => drawChoice(choice, index, choice.group !== choices[index - 1]?.group),
    }))
    keyed(
      list,
      rows.length > 0
        ? rows
        : [{ key: '', signature: '', build: () => h('div', { class: 'menu-none' }, 'No results') }],
    )
    list.querySelector('.active')?.scrollIntoView({ block: 'nearest' })
  }

  function drawChoice(choice: Choice, index: number, first: boolean): HTMLElement {
    const chosen = options.role === 'menu' ? {} : { 'aria-selected': String(choice.chosen) }
    const row = h(
      'div',
      {
        class: `menu-item ${index === active ? 'active' : ''} ${choice.chosen ? 'chosen' : ''}`,
        role: item,
        'data-choice': choice.id,
        ...chosen,
        onclick: () => pick(choice),
        onpointermove: () => move(index),
      },
      ...choice.draw(),
    )
    if (!first || !choice.group) return row
    return h('div', { role: 'presentation' }, h('div', { class: 'menu-group' }, choice.group), row)
  }

  function move(to: number): void {
    if (to === active) return
    active = to
    draw()
  }

  function pick(choice: Choice): void {
    if (options.pick(choice.id)) draw()
    else menu.hidePopover()
  }

  menu.addEventListener('keydown', (event) => {
    const count = matching().length
    if (event.key === 'ArrowDown') move((active + 1) % Math.max(1, count))
    else if (event.key === 'ArrowUp') move((active - 1 + count) % Math.max(1, count))
    else if (event.key === 'Enter') pickActive()
    else if (event.key === 'Tab') menu.hidePopover()
    else return
    event.preventDefault()
  })
  const pickActive = () => {
    const choice = matching()[active]
    if (choice) pick(choice)
  }
  search.addEventListener('input', () => {
    query = search.value
    draw()
  })
  menu.addEventListener('toggle', (event) => {
    const open = event.newState === 'open'
    anchor.setAttribute('aria-expanded', String(open))
    if (open) return
    menu.remove()
    anchor.focus({ preventScroll: true })
  })

  active = Math.max(
    0,
    options.choices().findIndex((choice) => choice.chosen),
  )
  anchor.after(menu)
  menu.showPopover()
  draw()
  place(menu, anchor)
  const first = options.searchable ? search : list
  first.focus({ preventScroll: true })
}

/** Below the anchor, or above it where there is no room. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const edge = 8
  const at = anchor.getBoundingClientRect()
  menu.style.minWidth = `${Math.min(Math.max(at.width, 180), innerWidth - 2 * edge)}px`
  const size = menu.getBoundingClientRect()
  const below = at.bottom + 4 + size.height + edge <= innerHeight || at.top < size.height
  menu.style.left = `${Math.max(edge, Math.min(at.left, innerWidth - size.width - edge))}px`
  menu.style.top = `${Math.max(edge, below ? Math.min(at.bottom + 4, innerHeight - size.height - edge) : at.top - size.height - 4)}px`
}
