import { limits } from '../limits.ts'
import { byType, flag, list, oneOf, someOf, text, typed } from './check.ts'
import type { Check, Fields } from './check.ts'
import { anyText, imageSource, plainText } from './composition.ts'
import { choices, fileInput, fillable, image, pressable } from './elements.ts'
import { richTextElement } from './rich-text.ts'

/** Where blocks can stand. What one of them takes, another may refuse. */
export type Surface = 'message' | 'modal' | 'home'

const named: Fields = { block_id: text(1, limits.blocks.block_id) }

function input(elements: Record<string, Check>): Check {
  return typed(
    { label: plainText(limits.input.label), element: byType(elements) },
    { ...named, hint: plainText(limits.input.hint), optional: flag, dispatch_action: flag },
  )
}

const everywhere: Record<string, Check> = {
  header: typed({ text: plainText(limits.header.text) }, named),
  section: typed(
    {},
    {
      ...named,
      text: anyText(limits.section.text),
      fields: list(anyText(limits.section.field), 1, limits.section.fields),
      accessory: byType({ image, ...pressable, ...choices }),
      expand: flag,
    },
    someOf(['text', 'fields']),
  ),
  context: typed(
    {
      elements: list(byType({ image, plain_text: anyText(), mrkdwn: anyText() }), 1, limits.context.elements),
    },
    named,
  ),
  actions: typed({ elements: list(byType({ ...pressable, ...choices }), 1, limits.actions.elements) }, named),
  divider: typed({}, named),
  image: typed(
    { alt_text: text(1, limits.image.alt_text) },
    { ...named, ...imageSource.fields, title: plainText(limits.image.title) },
    imageSource.rule,
  ),
  rich_text: typed({ elements: list(richTextElement, 0, Infinity) }, named),
  input: input({ ...choices, ...fillable }),
}

/**
 * The blocks that each surface takes. Newer ones that some of Slack's clients do not draw (`card`, `carousel`,
 * `data_table` and the like) are refused everywhere: an approver on an old phone must see all that is asked.
 */
export const layouts: Record<Surface, Check> = {
  message: byType({ ...everywhere, markdown: typed({ text: text(1, limits.markdown.text) }, named) }),
  home: byType(everywhere),
  modal: byType({
    ...everywhere,
    input: input({ ...choices, ...fillable, ...fileInput }),
    alert: typed(
      { text: anyText() },
      { ...named, level: oneOf('default', 'info', 'warning', 'error', 'success') },
    ),
  }),
}
