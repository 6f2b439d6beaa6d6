import type { ActionValue, ActResult, SlackObject, ViewValues } from '../protocol.ts'
import type { Directory } from './directory.ts'
import { string } from './slack-object.ts'

/** A place that an app's blocks are drawn in: a message, a modal, the Home tab. */
export type Surface = {
  directory: Directory
  /** `data-…` attributes that everything clickable carries: which message or view it belongs to. */
  marks: Record<string, string>
  fields: Fields
  /** What had been filled in before an app updated the view; it stays, as in Slack. */
  held: ViewValues
  act: (action_id: string, block_id: string | undefined, value?: ActionValue) => Promise<ActResult>
}

/** One element that holds a value. */
export type Field = {
  /** The value as Slack sends it in `state.values`. */
  read: () => ActionValue
  isEmpty: () => boolean
  /** What Slack's client would refuse before it sends anything, or null. */
  fault: () => string | null
}

export type Fields = Map<string, Map<string, Field>>

/** An element and where it stands. */
export type Slot = {
  element: SlackObject
  block_id: string | undefined
  surface: Surface
  /** Ids of the label and hint around it, for `aria-labelledby` and `aria-describedby`. */
  labelled_by?: string
  /** In an input block, an element tells the app of a change only where the block asks for it. */
  silent?: boolean
}

export function actionId(slot: Slot): string {
  return string(slot.element, 'action_id') ?? ''
}

/** The attributes by which a browser test, or a curious reader, finds an element. */
export function marksOf(slot: Slot): Record<string, string | undefined> {
  return { ...slot.surface.marks, 'data-block-id': slot.block_id, 'data-action-id': actionId(slot) }
}

/** Names a control: by the label of its input block, or else by what it says itself. */
export function naming(slot: Slot, otherwise: string): Record<string, string | undefined> {
  return slot.labelled_by
    ? { 'aria-labelledby': slot.labelled_by }
    : { 'aria-label': otherwise || actionId(slot) }
}

export function addField(slot: Slot, field: Field): void {
  const block = slot.block_id ?? ''
  const fields = slot.surface.fields.get(block) ?? new Map<string, Field>()
  fields.set(actionId(slot), field)
  slot.surface.fields.set(block, fields)
}

/** What was filled in before, if the element was there before. */
export function heldValue(slot: Slot): ActionValue | undefined {
  return slot.surface.held[slot.block_id ?? '']?.[actionId(slot)]
}

export function readFields(fields: Fields): ViewValues {
  const values: ViewValues = {}
  for (const [block, members] of fields) {
    values[block] = Object.fromEntries([...members].map(([action, field]) => [action, field.read()]))
  }
  return values
}
