import type { Frozen } from '../admin/freeze.ts'
import type { Refused } from '../admin/agents.ts'
import { refused, type Command, type Printed } from './command.ts'

export const freeze: Command = {
  usage: 'freeze [--agent NAME] --reason TEXT',
  about: 'the kill switch, for all or one agent: nothing more is approved, what could still run is withdrawn',
  options: ['agent', 'reason'],
  words: { least: 0, most: 0 },
  async run({ admin }, { values: { agent, reason } }) {
    if (typeof reason !== 'string') return refused('--reason is missing: everybody who waits will read it')
    const name = typeof agent === 'string' ? agent : null
    return printed(await admin.freeze({ agent: name, reason }, { type: 'operator' }), 'is frozen')
  },
}

export const unfreeze: Command = {
  usage: 'unfreeze [--agent NAME]',
  about: 'lifts a freeze; deadlines get the frozen time back',
  options: ['agent'],
  words: { least: 0, most: 0 },
  async run({ admin }, { values: { agent } }) {
    const name = typeof agent === 'string' ? agent : null
    return printed(await admin.unfreeze({ agent: name }, { type: 'operator' }), 'is no longer frozen')
  },
}

function printed(done: Frozen | Refused, words: string): Printed {
  if ('refused' in done) return refused(done.refused)
  return { ok: true, lines: [`${done.agent ?? 'Everything'} ${words}.`], json: done }
}
