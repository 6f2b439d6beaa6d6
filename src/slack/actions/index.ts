import type { SlackParts } from '../context.ts'
import { approve } from './approve.ts'
import type { AfterAck, Click } from './click.ts'
import { edit } from './edit.ts'
import { extend } from './extend.ts'
import { breakGlass } from './break-glass.ts'
import { reject } from './reject.ts'

/** Every button that we draw, by its action_id. */
export const actions: Record<string, (parts: SlackParts, click: Click) => Promise<AfterAck>> = {
  approve,
  reject,
  edit,
  extend,
  break_glass: breakGlass,
}
