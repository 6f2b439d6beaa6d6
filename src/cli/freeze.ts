import type { Frozen } from '../admin/freeze.ts'
import type { Refused } from '../admin/agents.ts'
import { refused, type Command, type Options, type Printed } from './command.ts'

export const freeze: Command = {
  usage: 'freeze [all | AGENT] --reason TEXT',
  about: 'the kill switch, for all or one agent: nothing more is approved, what could still run is withdrawn',
  options: ['agent', 'reason'],
  words: { least: 0, most: 1 },
  async run({ admin }, options) {
    const { reason } = options.values
    if (typeof reason !== 'string') return refused('--reason is missing: everybody who waits will read it')
    const whose = agentIn(options)
    if ('lines' in whose) return whose
    const frozen = await admin.freeze({ ...whose, reason }, { type: 'operator' })
    return printed(frozen, ({ agent }) => `${agent ?? 'Everything'} is frozen.`)
  },
}

export const unfreeze: Command = {
  usage: 'unfreeze [all | AGENT]',
  about: 'lifts a freeze; deadlines get the frozen time back',
  options: ['agent'],
  words: { least: 0, most: 1 },
  async run({ admin }, options) {
    const whose = agentIn(options)
    if ('lines' in whose) return whose
    const lifted = await admin.unfreeze(whose, { type: 'operator' })
    return printed(lifted, ({ agent }) => `The freeze of ${agent ?? 'everything'} is lifted.`)
  },
}

/** The agent that was named, as a word or as an option; null for all. */
function agentIn({ words: [word], values: { agent: option } }: Options): { agent: string | null } | Printed {
  if (word !== undefined && option !== undefined) return refused('The agent is named twice')
  const name = word ?? option
  return { agent: typeof name === 'string' && name !== 'all' ? name : null }
}

function printed(done: Frozen | Refused, words: (done: Frozen) => string): Printed {
  return 'refused' in done ? refused(done.refused) : { ok: true, lines: [words(done)], json: done }
}
