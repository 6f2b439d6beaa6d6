import { z } from 'zod'
import type { Act, ActResult } from '../protocol.ts'
import { createClicks } from './click.ts'
import { command, openHome, say } from './speak.ts'
import type { Stage } from './stage.ts'
import { close, submit } from './submit.ts'

const state = z.record(z.string(), z.unknown())
const values = z.record(z.string(), z.record(z.string(), state))
const inView = { as: z.string(), view_id: z.string() }
const used = { action_id: z.string(), block_id: z.exactOptional(z.string()), value: z.exactOptional(state) }
const inChannel = { as: z.string(), channel: z.string() }

/** An act as it comes over HTTP. */
export const actSchema: z.ZodType<Act> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('click'), ...inChannel, ts: z.string(), ...used }),
  z.strictObject({ do: z.literal('click_in_view'), ...inView, ...used, values: z.exactOptional(values) }),
  z.strictObject({ do: z.literal('click_in_home'), as: z.string(), ...used }),
  z.strictObject({ do: z.literal('submit'), ...inView, values }),
  z.strictObject({ do: z.literal('close'), ...inView }),
  z.strictObject({ do: z.literal('command'), ...inChannel, command: z.string(), text: z.string() }),
  z.strictObject({
    do: z.literal('say'),
    ...inChannel,
    text: z.string(),
    thread_ts: z.exactOptional(z.string()),
  }),
  z.strictObject({ do: z.literal('open_home'), as: z.string() }),
])

/** Does what a person does, and tells what they would see of it. */
export function createActs(stage: Stage): (act: Act) => Promise<ActResult> {
  const clicks = createClicks(stage)
  // oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, and checked to be
  return async (act) => {
    switch (act.do) {
      case 'click':
        return await clicks.inMessage(act)
      case 'click_in_view':
        return await clicks.inModal(act)
      case 'click_in_home':
        return await clicks.inHome(act)
      case 'submit':
        return await submit(stage, act)
      case 'close':
        return await close(stage, act)
      case 'command':
        return await command(stage, act)
      case 'say':
        return await say(stage, act)
      case 'open_home':
        return await openHome(stage, act)
    }
  }
}
