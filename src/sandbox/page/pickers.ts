import { askAndSend, bare } from './buttons.ts'
import { h } from './dom.ts'
import { isObject, number, object, objects, string, words } from './slack-object.ts'
import { addField, heldValue, marksOf, naming } from './surface.ts'
import type { Slot } from './surface.ts'
import { drawText } from './text-object.ts'
import { secondsToWallClock, wallClockToSeconds } from './time.ts'

/** `datepicker` and `timepicker`: the browser's own, which know every locale and keyboard. */
export function datePicker(slot: Slot): HTMLElement {
  return picker(slot, 'date', 'selected_date', 'initial_date')
}

export function timePicker(slot: Slot): HTMLElement {
  return picker(slot, 'time', 'selected_time', 'initial_time')
}

function picker(slot: Slot, type: 'date' | 'time', selected: string, initial: string): HTMLElement {
  const control = input(slot, type)
  const held = heldValue(slot)
  control.value = string(held ?? slot.element, held ? selected : initial) ?? ''
  finish(slot, control, () => ({
    type: slot.element.type,
    [selected]: control.value === '' ? null : control.value,
  }))
  return control
}

/** `datetimepicker`: seconds since 1970 to the app, a wall clock in their own zone to the person. */
export function dateTimePicker(slot: Slot): HTMLElement {
  const { tz } = slot.surface.directory.me
  const control = input(slot, 'datetime-local')
  const held = heldValue(slot)
  const seconds = number(held ?? slot.element, held ? 'selected_date_time' : 'initial_date_time')
  if (seconds !== undefined) control.value = secondsToWallClock(seconds, tz)
  finish(slot, control, () => ({
    type: slot.element.type,
    selected_date_time: wallClockToSeconds(control.value, tz),
  }))
  return control
}

function input(slot: Slot, type: string): HTMLInputElement {
  const label = words(slot.element, 'placeholder') || 'Select a date or time'
  return h('input', { class: 'input input-short', type, ...naming(slot, label), ...marksOf(slot) })
}

function finish(slot: Slot, control: HTMLInputElement, read: () => Record<string, unknown>): void {
  addField(slot, { read, isEmpty: () => control.value === '', fault: () => null })
  if (!slot.silent) control.addEventListener('change', () => void askAndSend(slot, control, read()))
}

let groups = 0

/** `checkboxes` and `radio_buttons`. */
export function tickBoxes(slot: Slot): HTMLElement {
  const { element, surface } = slot
  const many = element.type === 'checkboxes'
  const options = objects(element, 'options')
  const held = heldValue(slot)
  const before = held ?? element
  const name = many
    ? held
      ? 'selected_options'
      : 'initial_options'
    : held
      ? 'selected_option'
      : 'initial_option'
  const initial = new Set((many ? objects(before, name) : [object(before, name)]).map(valueOf))
  const group = `ticks-${(groups += 1)}`

  const boxes = options.map((option, index) =>
    h('input', {
      type: many ? 'checkbox' : 'radio',
      name: group,
      id: `${group}-${index}`,
      checked: initial.has(valueOf(option)),
      'data-value': string(option, 'value'),
      ...marksOf(slot),
    }),
  )
  const chosen = () => options.filter((_, index) => boxes[index]?.checked).map(bare)
  const read = () =>
    many
      ? { type: element.type, selected_options: chosen() }
      : { type: element.type, selected_option: chosen()[0] ?? null }

  const rows = options.map((option, index) => {
    const description = object(option, 'description')
    return h(
      'div',
      { class: 'tick' },
      boxes[index],
      h(
        'label',
        { for: `${group}-${index}` },
        drawText(object(option, 'text'), surface.directory),
        description && h('small', { class: 'option-description' }, drawText(description, surface.directory)),
      ),
    )
  })
  const control = h(
    'div',
    { class: 'ticks', role: many ? 'group' : 'radiogroup', ...naming(slot, '') },
    ...rows,
  )
  if (!slot.silent) control.addEventListener('change', () => void askAndSend(slot, control, read()))
  addField(slot, { read, isEmpty: () => chosen().length === 0, fault: () => null })
  return control
}

function valueOf(option: unknown): string | undefined {
  return isObject(option) ? string(option, 'value') : undefined
}
