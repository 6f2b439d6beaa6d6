import { limits } from '../limits.ts'
import { byType, flag, isRecord, list, object, oneOf, someOf, text, typed } from './check.ts'
import type { Check } from './check.ts'

const httpUrl = /^https?:\/\/\S+$/

/** An absolute http(s) address of at most `max` characters. */
export function url(max: number): Check {
  return (value, at, report) => {
    const before = text(1, max)
    before(value, at, report)
    if (typeof value === 'string' && value.length <= max && value !== '' && !httpUrl.test(value)) {
      report('must be a valid URL', at)
    }
  }
}

export function plainText(max: number = limits.text.text): Check {
  return byType({ plain_text: typed({ text: text(1, max) }, { emoji: flag }) })
}

export function anyText(max: number = limits.text.text): Check {
  return byType({
    plain_text: typed({ text: text(1, max) }, { emoji: flag }),
    mrkdwn: typed({ text: text(1, max) }, { verbatim: flag }),
  })
}

export const confirm: Check = object(
  { text: anyText(limits.confirm.text) },
  {
    title: plainText(limits.confirm.title),
    confirm: plainText(limits.confirm.button),
    deny: plainText(limits.confirm.button),
    style: oneOf('primary', 'danger'),
  },
)

/** An option of a menu shows plain text only; radio buttons and checkboxes may show mrkdwn. */
export function option(kind: 'menu' | 'overflow' | 'box'): Check {
  const shown = kind === 'box' ? anyText : plainText
  return object(
    { text: shown(limits.option.text), value: text(0, limits.option.value) },
    {
      description: shown(limits.option.description),
      ...(kind === 'overflow' ? { url: url(limits.option.url) } : {}),
    },
  )
}

export const optionGroup: Check = object({
  label: plainText(limits.option_group.label),
  options: list(option('menu'), 1, limits.option_group.options),
})

export const conversationFilter: Check = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 1, 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
  someOf(['include', 'exclude_external_shared_channels', 'exclude_bot_users']),
)

export const dispatchActionConfig: Check = object(
  {},
  { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2) },
)

const slackFile: Check = object(
  {},
  { id: text(1, 255), url: url(limits.image.url) },
  someOf(['id', 'url'], true),
)

/** `image_url` or `slack_file`, never both. */
export const imageSource = {
  fields: { image_url: url(limits.image.url), slack_file: slackFile },
  rule: someOf(['image_url', 'slack_file'], true),
}

/** `initial_option` (or each of `initial_options`) is one of the options, compared as Slack does, whole. */
export const initialAmongOptions: Check = (value, at, report) => {
  if (!isRecord(value)) return
  const groups = Array.isArray(value['option_groups']) ? value['option_groups'] : []
  const offered = [
    value['options'],
    ...groups.map((group: unknown) => isRecord(group) && group['options']),
  ].flat()
  const known = new Set(offered.filter(isRecord).map((each) => each['value']))
  const single = value['initial_option']
  const several = value['initial_options']
  if (isRecord(single) && !known.has(single['value'])) {
    report('must match an option that is provided', `${at}/initial_option`)
  }
  if (Array.isArray(several)) {
    several.forEach((each: unknown, index) => {
      if (isRecord(each) && !known.has(each['value'])) {
        report('must match an option that is provided', `${at}/initial_options/${index}`)
      }
    })
  }
}
