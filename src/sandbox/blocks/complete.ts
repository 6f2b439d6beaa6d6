import type { ActionValue, SlackObject, ViewValues } from '../protocol.ts'
import { allElements } from './find.ts'
import { impossible } from './state.ts'

const required = 'Please complete this required field.'
const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

function empty(state: ActionValue): boolean {
  const [held] = Object.entries(state).flatMap(([name, value]) => (name === 'type' ? [] : [value]))
  return held === null || held === undefined || (Array.isArray(held) && held.length === 0)
}

function typedWrong(element: SlackObject, value: string): string | null {
  const { min_length, max_length, min_value, max_value, is_decimal_allowed } = element
  if (element.type === 'plain_text_input') {
    if (typeof min_length === 'number' && value.length < min_length)
      return `Enter at least ${min_length} characters.`
    const most = typeof max_length === 'number' ? max_length : 3000
    if (value.length > most) return `Enter no more than ${most} characters.`
  }
  if (element.type === 'number_input') {
    const amount = Number(value)
    if (value.trim() === '' || Number.isNaN(amount)) return 'Enter a number.'
    if (is_decimal_allowed === false && !Number.isInteger(amount)) return 'Enter a whole number.'
    if (min_value !== undefined && amount < Number(min_value))
      return `Enter a number of at least ${Number(min_value)}.`
    if (max_value !== undefined && amount > Number(max_value))
      return `Enter a number of at most ${Number(max_value)}.`
  }
  if (element.type === 'email_text_input' && !email.test(value)) return 'Enter a valid email address.'
  if (element.type === 'url_text_input' && !URL.canParse(value)) return 'Enter a valid URL.'
  return null
}

/**
 * What Slack's own form would hold a submission back for, by block_id; an empty object where it lets it go. Slack checks
 * this before it sends anything to the app.
 */
export function incomplete(blocks: readonly SlackObject[], values: ViewValues): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const found of allElements(blocks)) {
    const { block, block_id, action_id, element } = found
    if (block.type !== 'input') continue
    const state = values[block_id]?.[action_id] ?? {}
    if (empty(state)) {
      if (block['optional'] !== true) errors[block_id] = required
      continue
    }
    const { value } = state
    const wrong = impossible(found, state) ?? (typeof value === 'string' ? typedWrong(element, value) : null)
    if (wrong) errors[block_id] = wrong
  }
  return errors
}
