import type { SlackObject } from '../protocol.ts'
import { h } from './dom.ts'
import { drawElement } from './elements.ts'
import { object, string } from './slack-object.ts'
import type { Surface } from './surface.ts'
import { drawText } from './text-object.ts'

let counter = 0

/** An `input` block: label, element, hint, and below it the place for what is wrong with it. */
export function inputBlock(block: SlackObject, surface: Surface): HTMLElement {
  const element = object(block, 'element') ?? { type: 'nothing' }
  const block_id = string(block, 'block_id')
  const hint = object(block, 'hint')
  const id = `input-${(counter += 1)}`
  const drawn = drawElement({
    element,
    block_id,
    surface,
    labelled_by: `${id}-label`,
    silent: block['dispatch_action'] !== true,
  })
  const control = drawn.matches('input, textarea, button') ? drawn : drawn.querySelector('input, textarea')
  const isGroup = drawn.classList.contains('ticks')
  if (control && !isGroup) {
    control.id = id
    control.setAttribute('aria-describedby', `${id}-hint ${id}-error`)
    if (block['optional'] !== true) control.setAttribute('aria-required', 'true')
  }
  return h(
    'div',
    { class: 'input-block' },
    h(
      'label',
      { class: 'input-label', ...(isGroup ? {} : { for: id }) },
      h('span', { id: `${id}-label` }, drawText(object(block, 'label'), surface.directory)),
      block['optional'] === true && h('span', { class: 'input-optional' }, ' (optional)'),
    ),
    drawn,
    h('div', { class: 'input-error', id: `${id}-error`, role: 'alert' }),
    hint && h('div', { class: 'input-hint', id: `${id}-hint` }, drawText(hint, surface.directory)),
  )
}

/**
 * Writes under each field what is wrong with it, and takes away what no longer is.
 * @param errors by block_id
 * @returns those whose block is not on this surface, to be shown elsewhere
 */
export function showErrors(root: HTMLElement, errors: Record<string, string>): string[] {
  const left = new Map(Object.entries(errors))
  for (const block of root.querySelectorAll<HTMLElement>('.block-input')) {
    const place = block.querySelector('.input-error')
    const text = errors[block.dataset['blockId'] ?? '']
    if (!place) continue
    if (place.textContent !== (text ?? '')) place.textContent = text ?? ''
    block.classList.toggle('in-error', text !== undefined)
    block.querySelector('[aria-describedby]')?.setAttribute('aria-invalid', String(text !== undefined))
    left.delete(block.dataset['blockId'] ?? '')
  }
  return [...left.values()]
}
