import { askAndSend } from './buttons.ts'
import { initialValues, kindOf, offers, valueName } from './choices.ts'
import type { Offer } from './choices.ts'
import { h } from './dom.ts'
import { icon } from './icons.ts'
import { openMenu } from './popup.ts'
import { isObject, number, words } from './slack-object.ts'
import { addField, heldValue, marksOf, naming } from './surface.ts'
import type { Slot } from './surface.ts'

/** Slack's select menus, one or many, of options, people or channels. All can be searched by typing. */
export function select(slot: Slot): HTMLElement {
  const { element } = slot
  const many = element.type.startsWith('multi_')
  const all = offers(slot)
  const most = number(element, 'max_selected_items') ?? Number.POSITIVE_INFINITY
  const chosen = new Set<string>()
  for (const value of initialValues(element, heldValue(slot))) {
    const known = all.find((offer) => identity(offer.value) === identity(value))
    if (known) chosen.add(known.id)
  }

  const placeholder = words(element, 'placeholder') || (many ? 'Select options' : 'Select an option')
  const shown = h('span', { class: 'select-shown' })
  const control = h(
    'button',
    {
      class: 'select',
      type: 'button',
      role: 'combobox',
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      ...naming(slot, placeholder),
      ...marksOf(slot),
    },
    shown,
    icon('down'),
  )

  const picked = (): Offer[] => all.filter((offer) => chosen.has(offer.id))
  const read = () => {
    const values = picked().map((offer) => offer.value)
    return { type: element.type, [valueName(element)]: many ? values : (values[0] ?? null) }
  }

  function show(): void {
    const now = picked()
    if (now.length === 0) shown.replaceChildren(h('span', { class: 'select-placeholder' }, placeholder))
    else if (many) shown.replaceChildren(...now.map((offer) => h('span', { class: 'chip' }, ...offer.draw())))
    else shown.replaceChildren(h('span', { class: 'select-value' }, offerName(now[0])))
  }

  function pick(id: string): boolean {
    if (!many) chosen.clear()
    if (chosen.has(id)) chosen.delete(id)
    else if (chosen.size < most) chosen.add(id)
    show()
    if (!slot.silent) void askAndSend(slot, control, read())
    return many
  }

  control.addEventListener('click', () =>
    openMenu(control, {
      label: placeholder,
      role: 'listbox',
      searchable: all.length > 5 || kindOf(element) !== 'static',
      choices: () => all.map((offer) => ({ ...offer, chosen: chosen.has(offer.id) })),
      pick,
    }),
  )
  show()
  addField(slot, { read, isEmpty: () => chosen.size === 0, fault: () => null })
  return control
}

function offerName(offer: Offer | undefined): string {
  return offer?.words ?? ''
}

/** Two options are the same choice when their values are; people and channels are their ids. */
function identity(value: unknown): string {
  return isObject(value) ? String(value['value']) : String(value)
}
