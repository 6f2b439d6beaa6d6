import { button, overflow } from './buttons.ts'
import { h, isOwnAddress } from './dom.ts'
import { fileInput } from './file-input.ts'
import { icon } from './icons.ts'
import { datePicker, dateTimePicker, tickBoxes, timePicker } from './pickers.ts'
import { selectlike } from './choices.ts'
import { select } from './selects.ts'
import { object, string } from './slack-object.ts'
import type { SlackObject } from '../protocol.ts'
import type { Slot } from './surface.ts'
import { emailInput, numberInput, plainTextInput, richTextInput, urlInput } from './text-fields.ts'

const builders: Record<string, (slot: Slot) => HTMLElement> = {
  button,
  workflow_button: button,
  overflow,
  datepicker: datePicker,
  timepicker: timePicker,
  datetimepicker: dateTimePicker,
  checkboxes: tickBoxes,
  radio_buttons: tickBoxes,
  plain_text_input: plainTextInput,
  number_input: numberInput,
  email_text_input: emailInput,
  url_text_input: urlInput,
  rich_text_input: richTextInput,
  file_input: fileInput,
  image: (slot) => image(slot.element, 'accessory-image'),
}

/** Draws one Block Kit element; what this page does not know is a grey box with its name. */
export function drawElement(slot: Slot): HTMLElement {
  const build = selectlike(slot.element) ? select : builders[slot.element.type]
  return build
    ? build(slot)
    : h('span', { class: 'unknown' }, icon('block'), `Unknown element: ${slot.element.type}`)
}

/**
 * An image. Only those that the workspace itself serves are loaded: an outside address would tell its owner who reads
 * the message, which is why Slack fetches images on its own servers.
 */
export function image(element: SlackObject, look: string): HTMLElement {
  const alt = string(element, 'alt_text') ?? ''
  const file = object(element, 'slack_file')
  const url = string(element, 'image_url') ?? (file && string(file, 'url')) ?? ''
  if (isOwnAddress(url)) return h('img', { class: look, src: url, alt, title: alt, loading: 'lazy' })
  return h(
    'span',
    { class: `${look} image-elsewhere`, role: 'img', 'aria-label': alt, title: `${alt} (${url})` },
    alt,
  )
}
