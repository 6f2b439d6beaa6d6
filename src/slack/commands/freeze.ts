import type { SlackParts } from '../context.ts'
import { freeText, say, typedBy, type Asked, type Command } from './command.ts'

/** Whoever pulls the switch in a hurry may leave the reason out. */
const noReason = 'No reason was given'

export const freeze: Command = {
  usage: '[all | AGENT] [REASON]',
  about: 'the kill switch: nothing more is approved, and what could still run is withdrawn',
  admins_only: true,
  options: ['agent', 'reason'],
  async run(parts, asked) {
    const { agent, words } = whose(asked)
    const reason = freeText(asked.values.reason, words) ?? noReason
    const frozen = await parts.admin.freeze({ agent, reason }, await typedBy(parts, asked))
    if (!('refused' in frozen))
      return say(
        `${agent ?? 'Everything'} is frozen. New requests are rejected, nothing that waits can be approved, what could still run is withdrawn. /countersign unfreeze${agent === null ? '' : ` ${agent}`} lifts it.`,
      )
    const instead = agent === null ? '' : ' To freeze everything type /countersign freeze all REASON.'
    return say(`${frozen.refused}.${instead}${await standing(parts)}`)
  },
}

export const unfreeze: Command = {
  usage: '[all | AGENT]',
  about: 'lifts a freeze; deadlines get the frozen time back',
  admins_only: true,
  options: ['agent'],
  most: 1,
  async run(parts, asked) {
    const { agent } = whose(asked)
    const lifted = await parts.admin.unfreeze({ agent }, await typedBy(parts, asked))
    if ('refused' in lifted) return say(`${lifted.refused}.${await standing(parts)}`)
    return say(
      `The freeze of ${agent ?? 'everything'} is lifted. What waited goes on with its time given back; what was withdrawn stays withdrawn.${await standing(parts)}`,
    )
  },
}

/** The agent that was named, as an option or as the first word; null for all. */
function whose({ values, words }: Asked): { agent: string | null; words: string[] } {
  if (values.agent !== undefined) return { agent: values.agent, words }
  const [which = 'all', ...rest] = words
  return { agent: which.toLowerCase() === 'all' ? null : which, words: rest }
}

/** Which freezes are in force, as the end of an answer. */
async function standing({ admin }: SlackParts): Promise<string> {
  const inForce = await admin.freezes()
  if (inForce.length === 0) return ''
  return ` Frozen now: ${inForce.map(({ agent, reason }) => `${agent ?? 'everything'} (${reason})`).join(', ')}.`
}
