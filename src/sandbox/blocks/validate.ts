import { limits } from '../limits.ts'
import type { SlackObject } from '../protocol.ts'
import { faultsOf, flag, isRecord, list, object, oneOf, shown, text } from './check.ts'
import type { Check, Fault, Fields, Report } from './check.ts'
import { plainText } from './composition.ts'
import { elementsOf } from './find.ts'
import { layouts } from './layout.ts'
import type { Surface } from './layout.ts'

/** No block_id twice, no action_id twice in a block, and at most one element that takes the focus. */
const unique: Check = (blocks, at, report: Report) => {
  if (!Array.isArray(blocks)) return
  const blockIds = new Set<unknown>()
  let focused = 0
  blocks.filter(isRecord).forEach((block, index) => {
    const { block_id } = block
    if (block_id !== undefined && blockIds.has(block_id)) {
      report(`\`block_id\` ${shown(block_id)} already exists`, `${at}/${index}/block_id`)
    }
    blockIds.add(block_id)
    const actionIds = new Set<unknown>()
    for (const { element, at: where } of elementsOf(block)) {
      const { action_id, focus_on_load } = element
      if (focus_on_load === true) focused += 1
      if (action_id !== undefined && actionIds.has(action_id)) {
        report(`\`action_id\` ${shown(action_id)} already exists`, `${at}/${index}${where}/action_id`)
      }
      actionIds.add(action_id)
    }
  })
  if (focused > 1) report('only one element can have `focus_on_load` set to true', at)
}

function blockList(surface: Surface, min: number): Check {
  const max = surface === 'message' ? limits.blocks.in_message : limits.blocks.in_view
  const each = list(layouts[surface], min, max)
  return (value, at, report) => {
    each(value, at, report)
    unique(value, at, report)
  }
}

const messageBlocks = blockList('message', 0)

const viewFields: Fields = {
  private_metadata: text(0, limits.view.private_metadata),
  callback_id: text(0, limits.view.callback_id),
  external_id: text(0, limits.view.external_id),
}

const submitWithInputs: Check = (view, at, report) => {
  if (!isRecord(view) || !Array.isArray(view['blocks']) || view['submit'] !== undefined) return
  const asks = view['blocks'].some((block: unknown) => isRecord(block) && block['type'] === 'input')
  if (asks) report('`submit` is required when an input block is within the modal', `${at}/submit`)
}

const modal = object(
  { type: oneOf('modal'), title: plainText(limits.view.title), blocks: blockList('modal', 0) },
  {
    ...viewFields,
    submit: plainText(limits.view.button),
    close: plainText(limits.view.button),
    clear_on_close: flag,
    notify_on_close: flag,
  },
  submitWithInputs,
)

const home = object({ type: oneOf('home'), blocks: blockList('home', 0) }, viewFields)

/** Every fault in a message's blocks; pointers start at `/blocks`. */
export function faultsOfBlocks(blocks: unknown): Fault[] {
  return faultsOf(messageBlocks, blocks, '/blocks')
}

/** Every fault in a modal or Home view; pointers start at `/view`. */
export function faultsOfView(view: unknown, type: 'modal' | 'home'): Fault[] {
  return faultsOf(type === 'modal' ? modal : home, view, '/view')
}

/** What blocks weigh against `limits.message.weight`: all the words that are shown, and something for each block. */
export function weightOf(blocks: readonly SlackObject[]): number {
  return blocks.reduce(
    (sum, block) => sum + wordsIn(block) + limits.message.block_weight,
    -limits.message.block_weight,
  )
}

function wordsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + wordsIn(each), 0)
  if (!isRecord(value)) return 0
  return Object.entries(value).reduce(
    (sum, [name, inside]) =>
      sum + (name === 'text' && typeof inside === 'string' ? inside.length : wordsIn(inside)),
    0,
  )
}
