import { limits } from '../limits.ts'
import { flag, integer, isRecord, list, oneOf, someOf, text, typed } from './check.ts'
import type { Check, Fields } from './check.ts'
import {
  confirm,
  conversationFilter,
  dispatchActionConfig,
  imageSource,
  initialAmongOptions,
  option,
  optionGroup,
  plainText,
  url,
} from './composition.ts'
import { richTextElement } from './rich-text.ts'

const actionable: Fields = { action_id: text(1, limits.action_id) }
const focusable: Fields = { focus_on_load: flag }
const placeholder: Fields = { placeholder: plainText(limits.placeholder) }
const confirmable: Fields = { confirm }
const typing: Fields = {
  ...actionable,
  ...focusable,
  ...placeholder,
  dispatch_action_config: dispatchActionConfig,
}
const picking: Fields = { ...actionable, ...focusable, ...placeholder, ...confirmable }
const several: Fields = { ...picking, max_selected_items: integer(1, 1000) }
const id = text(1, 255)
const ids = list(id, 0, 1000)
const number = /^-?\d+(\.\d+)?$/

const options = list(option('menu'), 1, limits.select.options)
const optionGroups = list(optionGroup, 1, limits.select.option_groups)

const offers: Check = (value, at, report) => {
  someOf(['options', 'option_groups'], true)(value, at, report)
  initialAmongOptions(value, at, report)
}

const ordered =
  (low: string, high: string): Check =>
  (value, at, report) => {
    if (!isRecord(value)) return
    const [least, most] = [value[low], value[high]]
    if (least !== undefined && most !== undefined && Number(least) > Number(most)) {
      report(`\`${low}\` cannot be greater than \`${high}\``, `${at}/${low}`)
    }
  }

export const image: Check = typed(
  { alt_text: text(1, limits.image.alt_text) },
  imageSource.fields,
  imageSource.rule,
)

const boxes = (kind: 'checkboxes' | 'radio_buttons', initial: Fields) =>
  typed(
    { options: list(option('box'), 1, limits[kind].options) },
    { ...actionable, ...focusable, ...confirmable, ...initial },
    initialAmongOptions,
  )

/** Elements that stand in a section or an actions block. */
export const pressable: Record<string, Check> = {
  button: typed(
    { text: plainText(limits.button.text) },
    {
      ...actionable,
      ...confirmable,
      value: text(0, limits.button.value),
      url: url(limits.button.url),
      style: oneOf('primary', 'danger'),
      accessibility_label: text(1, limits.button.accessibility_label),
    },
  ),
  overflow: typed(
    { options: list(option('overflow'), 1, limits.overflow.options) },
    { ...actionable, ...confirmable },
  ),
}

/** Elements that hold a choice: in sections, actions and inputs. */
export const choices: Record<string, Check> = {
  static_select: typed(
    {},
    { ...picking, options, option_groups: optionGroups, initial_option: option('menu') },
    offers,
  ),
  multi_static_select: typed(
    {},
    {
      ...several,
      options,
      option_groups: optionGroups,
      initial_options: list(option('menu'), 0, limits.select.options),
    },
    offers,
  ),
  users_select: typed({}, { ...picking, initial_user: id }),
  multi_users_select: typed({}, { ...several, initial_users: ids }),
  channels_select: typed({}, { ...picking, initial_channel: id, response_url_enabled: flag }),
  multi_channels_select: typed({}, { ...several, initial_channels: ids }),
  conversations_select: typed(
    {},
    {
      ...picking,
      initial_conversation: id,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter: conversationFilter,
    },
  ),
  multi_conversations_select: typed(
    {},
    {
      ...several,
      initial_conversations: ids,
      default_to_current_conversation: flag,
      filter: conversationFilter,
    },
  ),
  checkboxes: boxes('checkboxes', { initial_options: list(option('box'), 1, limits.checkboxes.options) }),
  radio_buttons: boxes('radio_buttons', { initial_option: option('box') }),
  datepicker: typed({}, { ...picking, initial_date: text(10, 10, /^\d{4}-\d\d-\d\d$/) }),
  timepicker: typed({}, { ...picking, initial_time: text(5, 5, /^\d\d:\d\d$/), timezone: text(1, 255) }),
  datetimepicker: typed(
    {},
    { ...actionable, ...focusable, ...confirmable, initial_date_time: integer(1_000_000_000, 9_999_999_999) },
  ),
}

/** Elements that are filled in: in input blocks only. */
export const fillable: Record<string, Check> = {
  plain_text_input: typed(
    {},
    {
      ...typing,
      initial_value: text(0, limits.plain_text_input.max_length),
      multiline: flag,
      min_length: integer(0, limits.plain_text_input.min_length),
      max_length: integer(1, limits.plain_text_input.max_length),
    },
    ordered('min_length', 'max_length'),
  ),
  number_input: typed(
    { is_decimal_allowed: flag },
    {
      ...typing,
      initial_value: text(1, 100, number),
      min_value: text(1, 100, number),
      max_value: text(1, 100, number),
    },
    ordered('min_value', 'max_value'),
  ),
  email_text_input: typed({}, { ...typing, initial_value: text(0, 255) }),
  url_text_input: typed({}, { ...typing, initial_value: text(0, limits.button.url) }),
  rich_text_input: typed(
    {},
    {
      ...typing,
      initial_value: typed({ elements: list(richTextElement, 1, Infinity) }, { block_id: id }),
      min_lines: integer(1, limits.rich_text_input.lines),
      max_lines: integer(1, limits.rich_text_input.lines),
    },
    ordered('min_lines', 'max_lines'),
  ),
}

/** Modals only. */
export const fileInput: Record<string, Check> = {
  file_input: typed(
    {},
    {
      ...actionable,
      filetypes: list(text(1, 50), 0, 100),
      max_files: integer(1, limits.file_input.max_files),
    },
  ),
}
