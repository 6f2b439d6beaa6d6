import type { InputBlock } from '@slack/types'
import type { Json } from '../../../approval/approval.ts'
import { isExactlyShown } from './exact.ts'

/** One input element of a form, drawn with the value that is there, and how to read what was entered. */
export type Control = {
  element: InputBlock['element']
  read: (state: Entered) => Read
  /** How to fill it in, where that is not plain from its looks. */
  how?: string
  /** What an empty input can mean, where it can mean a value. */
  blank?: Json
}

/** What Slack says was entered into an element; fields that it does not have are missing, empty ones null. */
export type Entered = {
  value?: string | null
  selected_option?: { value?: string } | null
  selected_options?: { value?: string }[] | null
  selected_date?: string | null
  selected_date_time?: number | null
}

/** `value` is undefined where nothing was entered. */
export type Read = { value: Json | undefined } | { fault: string }

/** Slack's `action_id` of every element: there is one in each block. */
export const entered = 'entered'

/** What one text input takes, in UTF-16 units, less some room to type. */
export const inputCharacters = 2_800

/** What a menu takes: options, and characters of one. */
const menu = { options: 100, text: 75 }

/** Buttons to choose by are easier than a menu, as long as they are few. */
const fewOptions = 5

/** One of a few values. */
export function choice(options: Json[], value: Json | undefined): Control | null {
  const offered = offer(options)
  if (!offered || (value !== undefined && !options.includes(value))) return null
  const initial = value === undefined ? undefined : offered[options.indexOf(value)]
  return {
    element: {
      type: options.length <= fewOptions ? 'radio_buttons' : 'static_select',
      action_id: entered,
      options: offered,
      ...(initial ? { initial_option: initial } : {}),
    },
    read: ({ selected_option }) => ({
      value: selected_option ? options[Number(selected_option.value)] : undefined,
    }),
  }
}

/** Some of a few values, each once; their order is that of the list as it is, then that of the options. */
export function choices(options: Json[], value: Json | undefined): Control | null {
  const offered = offer(options)
  const now = value === undefined ? [] : value
  if (!offered || !Array.isArray(now) || new Set(now).size < now.length) return null
  if (!now.every((one) => options.includes(one))) return null
  const chosen = now.flatMap((one) => offered[options.indexOf(one)] ?? [])
  return {
    element: {
      type: 'multi_static_select',
      action_id: entered,
      options: offered,
      ...(chosen.length > 0 ? { initial_options: chosen } : {}),
    },
    blank: [],
    read({ selected_options }) {
      const picked = new Set((selected_options ?? []).map((one) => options[Number(one.value)]))
      const inOrder = [...now, ...options.filter((one) => !now.includes(one))].filter((one) =>
        picked.has(one),
      )
      return { value: inOrder.length > 0 ? inOrder : undefined }
    },
  }
}

/** Null where they do not fit into a menu as they are: what is cut off could make the difference. */
function offer(options: Json[]) {
  if (options.length === 0 || options.length > menu.options) return null
  const labels = options.map((one) => (typeof one === 'string' && one !== '' ? one : JSON.stringify(one)))
  const isPlain = options.every((one) => typeof one !== 'object' || one === null)
  if (!isPlain || labels.some((label) => label.length > menu.text || !isExactlyShown(label))) return null
  return labels.map((text, i) => ({
    text: { type: 'plain_text' as const, text, emoji: false },
    value: String(i),
  }))
}

/** `2026-11-22`. */
export function day(value: Json | undefined): Control | null {
  const initial = value === undefined ? {} : isDay(value) ? { initial_date: value } : null
  return (
    initial && {
      element: { type: 'datepicker', action_id: entered, ...initial },
      read: ({ selected_date }) => ({ value: selected_date ?? undefined }),
    }
  )
}

function isDay(value: Json): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\d$/.test(value) &&
    !Number.isNaN(Date.parse(`${value}T00:00:00Z`))
  )
}

/** Slack's pickers know moments from 2001 to 2286. */
const moments = { first: 1_000_000_000, last: 9_999_999_999 }

/** A moment, RFC 3339. Its spelling stays what it was as long as it is the same second. */
export function moment(value: Json | undefined): Control | null {
  const seconds = typeof value === 'string' ? Math.floor(Date.parse(value) / 1_000) : NaN
  const isWithin = seconds >= moments.first && seconds <= moments.last
  if (value !== undefined && !isWithin) return null
  return {
    element: {
      type: 'datetimepicker',
      action_id: entered,
      ...(isWithin ? { initial_date_time: seconds } : {}),
    },
    read({ selected_date_time: picked }) {
      if (picked === null || picked === undefined) return { value: undefined }
      return {
        value: picked === seconds ? value : new Date(picked * 1_000).toISOString().replace('.000Z', 'Z'),
      }
    },
  }
}
