import type { SlackObject } from '../protocol.ts'
import { h } from './dom.ts'
import { drawElement, image } from './elements.ts'
import { fold } from './fold.ts'
import { icon } from './icons.ts'
import type { IconName } from './icons.ts'
import { inputBlock } from './input-block.ts'
import { richText } from './rich-text.ts'
import { object, objects, string, words } from './slack-object.ts'
import type { Surface } from './surface.ts'
import { drawText } from './text-object.ts'

type Draw = (block: SlackObject, surface: Surface) => HTMLElement

const builders: Record<string, Draw> = {
  header: (block, surface) =>
    h('h3', { class: 'header' }, drawText(object(block, 'text'), surface.directory)),
  divider: () => h('hr', { class: 'divider' }),
  section,
  context,
  actions,
  image: imageBlock,
  input: inputBlock,
  rich_text: (block, surface) => richText(block, surface.directory),
  alert,
  table,
}

/** Draws the blocks of a message, modal or Home tab: https://docs.slack.dev/reference/block-kit/blocks */
export function drawBlocks(blocks: SlackObject[], surface: Surface): HTMLElement {
  return h('div', { class: 'blocks' }, ...blocks.map((block) => drawBlock(block, surface)))
}

function drawBlock(block: SlackObject, surface: Surface): HTMLElement {
  const build = builders[block.type] ?? unknown
  return h(
    'div',
    { class: `block block-${block.type.replace(/\W/g, '')}`, 'data-block-id': string(block, 'block_id') },
    build(block, surface),
  )
}

function unknown(block: SlackObject): HTMLElement {
  return h('div', { class: 'unknown' }, icon('block'), `Unknown block: ${block.type}`)
}

function section(block: SlackObject, surface: Surface): HTMLElement {
  const text = object(block, 'text')
  const fields = objects(block, 'fields')
  const accessory = object(block, 'accessory')
  const drawn = text && h('div', { class: 'section-text' }, drawText(text, surface.directory))
  return h(
    'div',
    { class: 'section' },
    h(
      'div',
      { class: 'section-main' },
      drawn && (block['expand'] === true ? drawn : fold(drawn, words(block, 'text'))),
      fields.length > 0 &&
        h(
          'div',
          { class: 'fields' },
          ...fields.map((field) => h('div', { class: 'field' }, drawText(field, surface.directory))),
        ),
    ),
    accessory &&
      h(
        'div',
        { class: 'accessory' },
        drawElement({ element: accessory, block_id: string(block, 'block_id'), surface }),
      ),
  )
}

function context(block: SlackObject, surface: Surface): HTMLElement {
  const parts = objects(block, 'elements').map((element) =>
    element.type === 'image'
      ? image(element, 'context-image')
      : h('span', { class: 'context-text' }, drawText(element, surface.directory)),
  )
  return h('div', { class: 'context' }, ...parts)
}

function actions(block: SlackObject, surface: Surface): HTMLElement {
  const block_id = string(block, 'block_id')
  const drawn = objects(block, 'elements').map((element) => drawElement({ element, block_id, surface }))
  return h('div', { class: 'actions' }, ...drawn)
}

function imageBlock(block: SlackObject, surface: Surface): HTMLElement {
  const title = object(block, 'title')
  return h(
    'figure',
    { class: 'figure' },
    title && h('figcaption', {}, drawText(title, surface.directory)),
    image(block, 'image-large'),
  )
}

const levels: Record<string, IconName> = { warning: 'warning', error: 'warning', success: 'check' }

function alert(block: SlackObject, surface: Surface): HTMLElement {
  const level = string(block, 'level') ?? 'default'
  return h(
    'div',
    { class: `alert alert-${level.replace(/\W/g, '')}`, role: 'note' },
    icon(levels[level] ?? 'info'),
    h('div', {}, drawText(object(block, 'text'), surface.directory)),
  )
}

function table(block: SlackObject, surface: Surface): HTMLElement {
  const rows = (Array.isArray(block['rows']) ? block['rows'] : []).map((row: unknown, index) =>
    h(
      'tr',
      {},
      ...objects({ row }, 'row').map((cell) =>
        h(
          index === 0 ? 'th' : 'td',
          {},
          cell.type === 'rich_text' ? richText(cell, surface.directory) : (string(cell, 'text') ?? ''),
        ),
      ),
    ),
  )
  return h('div', { class: 'table-frame' }, h('table', { class: 'table' }, h('tbody', {}, ...rows)))
}
