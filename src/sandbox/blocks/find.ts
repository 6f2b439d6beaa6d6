import { generatedId } from '../identifiers.ts'
import type { SlackObject } from '../protocol.ts'
import { isSlackObject } from './check.ts'

/** An interactive element of a block, and its JSON pointer inside the block. */
export type Placed = { element: SlackObject; at: string }

const still = new Set(['image', 'plain_text', 'mrkdwn'])

/** The elements of one block that a person can use. */
export function elementsOf(block: Record<string, unknown>): Placed[] {
  const { type, accessory, element, elements } = block
  const placed: { element: unknown; at: string }[] = []
  if (type === 'section') placed.push({ element: accessory, at: '/accessory' })
  if (type === 'input') placed.push({ element, at: '/element' })
  if (type === 'actions' && Array.isArray(elements)) {
    elements.forEach((each: unknown, index) => placed.push({ element: each, at: `/elements/${index}` }))
  }
  return placed.flatMap(({ element: found, at }) =>
    isSlackObject(found) && !still.has(found.type) ? [{ element: found, at }] : [],
  )
}

export type Found = { block: SlackObject; block_id: string; element: SlackObject; action_id: string }

/** Every interactive element in `blocks`, which have their ids (see `withIds`). */
export function allElements(blocks: readonly SlackObject[]): Found[] {
  return blocks.flatMap((block) =>
    elementsOf(block).map(({ element }) => ({
      block,
      block_id: String(block['block_id']),
      element,
      action_id: String(element['action_id']),
    })),
  )
}

/** The element with this action_id, in the block with `block_id` where that is given. */
export function findElement(
  blocks: readonly SlackObject[],
  action_id: string,
  block_id: string | undefined,
): Found | undefined {
  return allElements(blocks).find(
    (found) => found.action_id === action_id && (block_id === undefined || found.block_id === block_id),
  )
}

/** A copy in which every block has a block_id and every interactive element an action_id, as Slack hands blocks back. */
export function withIds(blocks: readonly SlackObject[]): SlackObject[] {
  return structuredClone(blocks).map((block) => {
    for (const { element } of elementsOf(block)) element['action_id'] ??= generatedId()
    return { ...block, block_id: block['block_id'] ?? generatedId() }
  })
}
