import { askAndSend } from './buttons.ts'
import { h } from './dom.ts'
import { number, object, objects, string, strings, words } from './slack-object.ts'
import { addField, heldValue, marksOf, naming } from './surface.ts'
import type { Slot } from './surface.ts'

type Control = HTMLInputElement | HTMLTextAreaElement

/** `plain_text_input`, one line or several, with its counter and its least and greatest length. */
export function plainTextInput(slot: Slot): HTMLElement {
  const { element } = slot
  const most = number(element, 'max_length')
  const least = number(element, 'min_length') ?? 0
  const control: Control =
    element['multiline'] === true
      ? h('textarea', { ...attributes(slot), rows: 4, maxlength: most })
      : h('input', { ...attributes(slot), type: 'text', maxlength: most })
  const counter = h('span', { class: 'counter', 'aria-hidden': 'true' })
  const count = () => {
    const left = most === undefined ? undefined : most - control.value.length
    const short = least - control.value.length
    counter.textContent =
      left !== undefined ? String(left) : short > 0 && control.value !== '' ? String(-short) : ''
    counter.classList.toggle('counter-low', (left ?? 10) < 10 || short > 0)
  }
  control.addEventListener('input', count)
  wire(slot, control, (text) => (text.length < least ? `Enter at least ${least} characters` : null))
  count()
  return h('div', { class: 'text-field' }, control, counter)
}

export function numberInput(slot: Slot): HTMLElement {
  const { element } = slot
  const decimals = element['is_decimal_allowed'] === true
  const [low, high] = ['min_value', 'max_value'].map((name) => string(element, name) ?? number(element, name))
  const control = h('input', {
    ...attributes(slot),
    type: 'text',
    inputmode: decimals ? 'decimal' : 'numeric',
  })
  wire(slot, control, (text) => {
    if (!(decimals ? /^-?\d*\.?\d+$/ : /^-?\d+$/).test(text))
      return decimals ? 'Enter a number' : 'Enter a whole number'
    if (low !== undefined && Number(text) < Number(low)) return `Enter ${low} or more`
    if (high !== undefined && Number(text) > Number(high)) return `Enter ${high} or less`
    return null
  })
  return control
}

export function emailInput(slot: Slot): HTMLElement {
  const control = h('input', { ...attributes(slot), type: 'text', inputmode: 'email' })
  wire(slot, control, (text) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : 'Enter an email address'))
  return control
}

export function urlInput(slot: Slot): HTMLElement {
  const control = h('input', { ...attributes(slot), type: 'text', inputmode: 'url' })
  wire(slot, control, (text) =>
    URL.canParse(text) ? null : 'Enter a full address, such as https://example.com',
  )
  return control
}

/** `rich_text_input` without its formatting bar: what is typed is sent as one plain section. */
export function richTextInput(slot: Slot): HTMLElement {
  const control = h('textarea', { ...attributes(slot), rows: 4 })
  const before = heldValue(slot)?.['rich_text_value'] ?? slot.element['initial_value']
  control.value = plainOf(before)
  const read = () => ({
    type: slot.element.type,
    rich_text_value: {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: control.value }] }],
    },
  })
  addField(slot, { read, isEmpty: () => control.value.trim() === '', fault: () => null })
  return control
}

function plainOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  return objects({ ...value }, 'elements')
    .map((part) =>
      objects(part, 'elements')
        .map((run) => string(run, 'text') ?? '')
        .join(''),
    )
    .join('\n')
}

function attributes(slot: Slot): Record<string, string | number | boolean | undefined> {
  const placeholder = words(slot.element, 'placeholder')
  return { class: 'input', placeholder, autocomplete: 'off', ...naming(slot, placeholder), ...marksOf(slot) }
}

/** Slack sends an empty field as null, and tells the app while typing only where `dispatch_action` asks for it. */
function wire(slot: Slot, control: Control, faultOf: (text: string) => string | null): void {
  const held = heldValue(slot)
  control.value = string(held ?? slot.element, held ? 'value' : 'initial_value') ?? ''
  addField(slot, {
    read: () => ({ type: slot.element.type, value: control.value === '' ? null : control.value }),
    isEmpty: () => control.value.trim() === '',
    fault: () => (control.value === '' ? null : faultOf(control.value)),
  })
  if (slot.silent) return
  const on = strings(object(slot.element, 'dispatch_action_config') ?? {}, 'trigger_actions_on')
  const send = () => void askAndSend(slot, control, { value: control.value })
  if (on.includes('on_character_entered')) control.addEventListener('input', send)
  if (on.length === 0 || on.includes('on_enter_pressed')) {
    control.addEventListener('keydown', (event) => {
      if (event instanceof KeyboardEvent && event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault()
        send()
      }
    })
  }
}
