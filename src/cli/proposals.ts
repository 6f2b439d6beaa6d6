import { written } from '../admin/sentence.ts'
import { readNumber } from '../admin/policy/versions.ts'
import { comparisonWords, proposalWords } from '../admin/policy/words.ts'
import { refused, type Command } from './command.ts'

const operator = { type: 'operator' } as const

export const policyProposals: Command = {
  usage: 'policy proposals [NUMBER]',
  about: 'changes of the policy that wait for a second admin; with a number, all that one changes',
  options: [],
  words: { least: 0, most: 1 },
  async run({ admin }, { words: [typed] }) {
    if (typed === undefined) {
      const waiting = await admin.proposals()
      const lines = waiting.map(proposalWords)
      return {
        ok: true,
        lines: lines.length > 0 ? lines : ['No change waits for a second admin.'],
        json: waiting,
      }
    }
    const number = readNumber(typed)
    if (number === null) return refused(`“${typed}” is no proposal: they are numbers`)
    const found = await admin.proposal(number)
    if ('refused' in found) return refused(found.refused)
    const compared = found.comparison ? comparisonWords(found.comparison).map(written) : []
    return { ok: true, lines: [proposalWords(found), ...found.changes.lines, ...compared], json: found }
  },
}

export const policyConfirm: Command = {
  usage: 'policy confirm NUMBER',
  about: 'agrees to what an admin proposed in Slack; what was proposed here is confirmed there',
  options: [],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [typed] }) {
    const number = readNumber(typed)
    if (number === null) return refused(`“${typed}” is no proposal: they are numbers`)
    const confirmed = await admin.confirmProposal(number, operator)
    if ('refused' in confirmed) return refused(confirmed.refused)
    return { ok: true, lines: [`Version ${confirmed.version} counts from now on.`], json: confirmed }
  },
}

export const policyReject: Command = {
  usage: 'policy reject NUMBER [--reason TEXT]',
  about: 'turns a proposed change down',
  options: ['reason'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [typed], values: { reason } }) {
    const number = readNumber(typed)
    if (number === null) return refused(`“${typed}” is no proposal: they are numbers`)
    const asked = { number, reason: typeof reason === 'string' ? reason : null }
    const rejected = await admin.rejectProposal(asked, operator)
    if ('refused' in rejected) return refused(rejected.refused)
    return { ok: true, lines: [`Proposal ${number} is off.`], json: { proposal: number, ...rejected } }
  },
}
