import { anything, byType, flag, integer, list, object, oneOf, text, typed } from './check.ts'
import type { Check, Fields } from './check.ts'
import { limits } from '../limits.ts'
import { url } from './composition.ts'

const style: Check = object({}, { bold: flag, italic: flag, strike: flag, underline: flag, code: flag })
const longest = limits.message.weight

function leaf(required: Fields, optional: Fields = {}): Check {
  return typed(required, { style, ...optional })
}

const words = {
  text: leaf({ text: text(1, longest) }),
  link: leaf({ url: url(limits.button.url) }, { text: text(0, longest), unsafe: flag }),
}

const inline: Check = byType({
  ...words,
  broadcast: leaf({ range: oneOf('here', 'channel', 'everyone') }),
  channel: leaf({ channel_id: text(1, 255) }),
  color: leaf({ value: text(1, 255) }),
  date: leaf(
    { timestamp: integer(0, 1e11), format: text(1, longest) },
    { url: url(limits.button.url), fallback: text(1, longest) },
  ),
  emoji: leaf({ name: text(1, 255) }, { unicode: text(0, 255), url: anything, skin_tone: integer(1, 6) }),
  team: leaf({ team_id: text(1, 255) }),
  user: leaf({ user_id: text(1, 255) }),
  usergroup: leaf({ usergroup_id: text(1, 255) }),
})

const border = oneOf(0, 1)
const section = typed({ elements: list(inline, 0, Infinity) })

/** The elements of a `rich_text` block. */
export const richTextElement: Check = byType({
  rich_text_section: section,
  rich_text_list: typed(
    {
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: section }), 1, Infinity),
    },
    { indent: integer(0, 8), offset: integer(0, 1e6), border },
  ),
  rich_text_preformatted: typed(
    { elements: list(byType(words), 0, Infinity) },
    { border, language: text(0, 255) },
  ),
  rich_text_quote: typed({ elements: list(inline, 0, Infinity) }, { border }),
})
