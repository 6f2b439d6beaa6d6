import type { ActionValue, SlackObject, ViewValues } from '../protocol.ts'
import { isRecord } from './check.ts'
import { allElements } from './find.ts'
import type { Found } from './find.ts'

/** For each element that keeps a state: the field of its state, and where its first value stands. */
const kept: Record<string, { field: string; initial: string; several?: true }> = {
  plain_text_input: { field: 'value', initial: 'initial_value' },
  number_input: { field: 'value', initial: 'initial_value' },
  email_text_input: { field: 'value', initial: 'initial_value' },
  url_text_input: { field: 'value', initial: 'initial_value' },
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value' },
  static_select: { field: 'selected_option', initial: 'initial_option' },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', several: true },
  radio_buttons: { field: 'selected_option', initial: 'initial_option' },
  checkboxes: { field: 'selected_options', initial: 'initial_options', several: true },
  users_select: { field: 'selected_user', initial: 'initial_user' },
  multi_users_select: { field: 'selected_users', initial: 'initial_users', several: true },
  channels_select: { field: 'selected_channel', initial: 'initial_channel' },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', several: true },
  conversations_select: { field: 'selected_conversation', initial: 'initial_conversation' },
  multi_conversations_select: {
    field: 'selected_conversations',
    initial: 'initial_conversations',
    several: true,
  },
  datepicker: { field: 'selected_date', initial: 'initial_date' },
  timepicker: { field: 'selected_time', initial: 'initial_time' },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time' },
  file_input: { field: 'files', initial: 'initial_files', several: true },
}

/** An empty text field is `null` in Slack's state, not an empty string. */
function orNull(value: unknown): unknown {
  return value === '' || value === undefined ? null : value
}

function stateOf(element: SlackObject, given: ActionValue | undefined): ActionValue | null {
  const how = kept[element.type]
  if (!how) return null
  const chosen = given && how.field in given ? given[how.field] : element[how.initial]
  return { type: element.type, [how.field]: how.several ? (chosen ?? []) : orNull(chosen) }
}

/** `state.values` of `blocks`: what `given` says, or an earlier state, or the initial value, or nothing. */
export function stateValues(
  blocks: readonly SlackObject[],
  given: ViewValues,
  earlier: ViewValues = {},
): ViewValues {
  const values: ViewValues = {}
  for (const { block_id, action_id, element } of allElements(blocks)) {
    const state = stateOf(element, given[block_id]?.[action_id] ?? earlier[block_id]?.[action_id])
    if (state) (values[block_id] ??= {})[action_id] = state
  }
  return values
}

function offered(element: SlackObject): Record<string, unknown>[] {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'] : []
  const lists = [element['options'], ...groups.map((group: unknown) => isRecord(group) && group['options'])]
  return lists.flat().filter(isRecord)
}

function isOffered(element: SlackObject, chosen: unknown): boolean {
  return isRecord(chosen) && offered(element).some((option) => option['value'] === chosen['value'])
}

/** Why this state cannot come from this element, or null. Guards against a page or a test that makes a choice up. */
export function impossible({ element }: Found, state: ActionValue): string | null {
  if ('options' in element || 'option_groups' in element) {
    const several = state['selected_options']
    const chosen = Array.isArray(several)
      ? several
      : [state['selected_option']].filter((each) => each ?? false)
    const made = chosen.find((each: unknown) => !isOffered(element, each))
    if (made !== undefined) return `there is no such option in ${element.type}: ${JSON.stringify(made)}`
  }
  return null
}

/** The element's entry in `actions` of a block_actions payload, or why there can be none. */
export function actionOf(
  found: Found,
  value: ActionValue | undefined,
  action_ts: string,
): ActionValue | string {
  const { element, block_id, action_id } = found
  const about = { type: element.type, action_id, block_id, action_ts }
  const { text, value: carried, url, style, confirm, placeholder } = element
  const extras = Object.fromEntries(
    Object.entries({ text, url, style, confirm, placeholder }).filter(([, each]) => each !== undefined),
  )
  if (element.type === 'button')
    return { ...about, ...extras, ...(carried === undefined ? {} : { value: carried }) }
  const wrong = impossible(found, value ?? {})
  if (wrong) return wrong
  if (element.type === 'overflow') {
    const chosen = value?.['selected_option']
    if (!isRecord(chosen)) return 'an overflow menu needs `value: {selected_option}`'
    const option = offered(element).find((each) => each['value'] === chosen['value'])
    return { ...about, ...extras, selected_option: option }
  }
  return { ...about, ...extras, ...stateOf(element, value) }
}
