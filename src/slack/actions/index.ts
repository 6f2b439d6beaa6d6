import type { SlackParts } from '../context.ts'
import { approve, approveIn } from './approve.ts'
import { ask } from './ask.ts'
import { assign } from './assign.ts'
import type { AfterAck, Click } from './click.ts'
import { details, turnPage } from './details.ts'
import { edit } from './edit.ts'
import { extend } from './extend.ts'
import { listFlood, openFromFlood, turnFlood } from './flood.ts'
import { breakGlass } from './break-glass.ts'
import { onIt } from './on-it.ts'
import { reject } from './reject.ts'
import { revoke } from './revoke.ts'
import { turning } from '../views/details/modal.ts'

/** Every button that we draw, by its action_id. */
export const actions: Record<string, (parts: SlackParts, click: Click) => Promise<AfterAck>> = {
  approve,
  approve_with_reason: approveIn('approve'),
  approve_with_note: approveIn('approve_with_note'),
  reject,
  edit,
  ask,
  assign,
  take_up: onIt('take_up'),
  let_go: onIt('let_go'),
  revoke,
  extend,
  details,
  break_glass: breakGlass,
  flood_open: openFromFlood,
  flood_list: listFlood,
  flood_previous: turnFlood,
  flood_next: turnFlood,
  ...Object.fromEntries(turning.map((action_id) => [action_id, turnPage])),
}
