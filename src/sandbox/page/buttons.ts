import { confirmed } from './confirm.ts'
import { h } from './dom.ts'
import { icon } from './icons.ts'
import { openMenu } from './popup.ts'
import { press } from './press.ts'
import { isObject, object, objects, string, words } from './slack-object.ts'
import { actionId, marksOf } from './surface.ts'
import type { Slot } from './surface.ts'
import { drawText } from './text-object.ts'

/** A `button`: one with a `url` opens it, and tells the app all the same. */
export function button(slot: Slot): HTMLElement {
  const { element, surface } = slot
  const style = string(element, 'style')
  const url = string(element, 'url')
  const control = h(
    'button',
    {
      class: `button ${style === 'primary' || style === 'danger' ? style : ''}`,
      type: 'button',
      'aria-label': string(element, 'accessibility_label'),
      ...marksOf(slot),
    },
    h('span', { class: 'button-text' }, drawText(object(element, 'text'), surface.directory)),
  )
  control.addEventListener('click', () => {
    if (url && URL.parse(url)?.protocol.startsWith('http')) window.open(url, '_blank', 'noopener,noreferrer')
    void askAndSend(slot, control)
  })
  return control
}

/** An `overflow` menu behind three dots. */
export function overflow(slot: Slot): HTMLElement {
  const { element, surface } = slot
  const options = objects(element, 'options')
  const control = h(
    'button',
    {
      class: 'button button-icon',
      type: 'button',
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      ...marksOf(slot),
    },
    icon('dots'),
  )
  control.addEventListener('click', () =>
    openMenu(control, {
      label: 'More actions',
      role: 'menu',
      searchable: false,
      choices: () =>
        options.map((option, index) => ({
          id: String(index),
          words: words(option, 'text'),
          chosen: false,
          draw: () => [drawText(object(option, 'text'), surface.directory)],
        })),
      pick: (index) => {
        const option = options[Number(index)]
        if (!option) return false
        const url = string(option, 'url')
        if (url && URL.parse(url)?.protocol.startsWith('http'))
          window.open(url, '_blank', 'noopener,noreferrer')
        void askAndSend(slot, control, { selected_option: bare(option) })
        return false
      },
    }),
  )
  return control
}

export async function askAndSend(
  slot: Slot,
  control: HTMLElement,
  value?: Record<string, unknown>,
): Promise<void> {
  if (!(await confirmed(slot.element, slot.surface.directory))) return
  const { element, surface, block_id } = slot
  const sent = value && { type: element.type, ...value }
  await press(control, () => surface.act(actionId(slot), block_id, sent))
}

/** An option as the app wrote it: reading it here adds an empty `type`, which is not the app's. */
export function bare(option: unknown): Record<string, unknown> | null {
  if (!isObject(option)) return null
  const { type, ...rest } = option
  return type ? option : rest
}
