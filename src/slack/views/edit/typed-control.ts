import type { Json } from '../../../approval/approval.ts'
import { readJson } from '../../../json/read.ts'
import { entered, inputCharacters, type Control, type Entered } from './control.ts'
import { editableJson, isExactlyShown } from './exact.ts'

// Elements that are typed into: text, numbers, lists of lines, JSON.

/** Longer texts have room for more than a line. */
const longText = 60

/** Null where the text would not come back as it is. */
export function text(value: Json | undefined, long: boolean): Control | null {
  const now = value === undefined ? '' : value
  // How long it is comes first: what an agent sends can be too long to be looked at character by character.
  if (typeof now !== 'string' || now.length > inputCharacters || !isExactlyShown(now)) return null
  return {
    element: typing(now, long || now.length > longText || now.includes('\n')),
    read: (state) => ({ value: typed(state) }),
    blank: '',
  }
}

/** A list of texts, one on each line. */
export function lines(value: Json | undefined): Control | null {
  const now = value === undefined ? [] : value
  if (!Array.isArray(now)) return null
  const texts = now.filter((one) => typeof one === 'string')
  const whole = texts.join('\n')
  if (texts.length < now.length || whole.length > inputCharacters) return null
  if (!texts.every((text) => text !== '' && !text.includes('\n') && isExactlyShown(text))) return null
  return {
    element: typing(whole, true),
    how: 'One on each line.',
    blank: [],
    read(state) {
      const list = (typed(state) ?? '').split('\n').flatMap((line) => line.trim() || [])
      return { value: list.length > 0 ? list : undefined }
    },
  }
}

const plainNumber = /^-?\d+(\.\d+)?$/

/** Null where Slack's input does not know how to write the number. */
export function number(
  value: Json | undefined,
  { whole, least, most }: { whole: boolean; least: number | null; most: number | null },
): Control | null {
  if (value !== undefined && (typeof value !== 'number' || !plainNumber.test(String(value)))) return null
  if (whole && value !== undefined && !Number.isInteger(value)) return null
  const now = value ?? null
  // A number that is out of bounds already must still be shown.
  const isWithin = now === null || ((least === null || now >= least) && (most === null || now <= most))
  const bound = (name: string, limit: number | null) =>
    limit !== null && isWithin && plainNumber.test(String(limit)) ? { [name]: String(limit) } : {}
  const bounds =
    least !== null && most !== null && least > most
      ? {}
      : { ...bound('min_value', least), ...bound('max_value', most) }
  return {
    element: {
      type: 'number_input',
      action_id: entered,
      is_decimal_allowed: !whole,
      ...(now === null ? {} : { initial_value: String(now) }),
      ...bounds,
    },
    read(state) {
      const written = typed(state)?.trim()
      if (written === undefined) return { value: undefined }
      const { value: read, faults } = readJson(written, 'This')
      if (faults[0] && read !== undefined) return { fault: faults[0].detail }
      return typeof read === 'number' ? { value: read } : { fault: 'Write a number, such as 12 or 0.5' }
    },
  }
}

/** Any JSON; null where it is too long for an input. */
export function json(value: Json | undefined): Control | null {
  const now = value === undefined ? '' : editableJson(value, inputCharacters)
  if (now === null) return null
  return {
    element: typing(now, true),
    how: 'As JSON.',
    read(state) {
      const written = typed(state)
      if (written === undefined || written.trim() === '') return { value: undefined }
      const { value: read, faults } = readJson(written, 'This')
      if (faults.length > 0 || read === undefined)
        return {
          fault: faults
            .map(({ pointer, detail }) => (pointer === '' ? detail : `${pointer}: ${detail}`))
            .join('\n'),
        }
      return { value: read }
    },
  }
}

function typing(initial_value: string, multiline: boolean) {
  return {
    type: 'plain_text_input' as const,
    action_id: entered,
    multiline,
    ...(initial_value === '' ? {} : { initial_value }),
  }
}

function typed({ value }: Entered): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : value
}
