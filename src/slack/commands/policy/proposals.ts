import { readNumber } from '../../../admin/policy/versions.ts'
import { called, refusalWords } from '../../author.ts'
import { namedInProposal, proposalBlocks } from '../../views/proposal.ts'
import { bold, line, richText } from '../../views/text.ts'
import { echo, freeText, say, typedBy, type Act } from '../command.ts'

/** How many one answer shows, each with its buttons. */
const listed = 5

export const proposals: Act = {
  usage: '[NUMBER]',
  about: 'changes that wait for a second admin; with a number, one of them with all that it changes',
  most: 1,
  async run(parts, asked) {
    const { admin, workspace } = parts
    const [typed] = asked.words
    const me = asked.visitor.slack_user_id
    if (typed !== undefined) {
      const number = readNumber(typed)
      if (number === null) return say(`“${echo(typed)}” is no proposal: they are numbers.`)
      const found = await admin.proposal(number)
      if ('refused' in found) return say(`${found.refused}.`)
      const people = await workspace.people(namedInProposal(found))
      return { text: `Proposal ${number}`, blocks: proposalBlocks(found, people, me) }
    }
    const waiting = await admin.proposals()
    if (waiting.length === 0) return say('No change of the policy waits for a second admin.')
    const shown = waiting.slice(0, listed)
    const people = await workspace.people(shown.flatMap(namedInProposal))
    const title = `${waiting.length === 1 ? '1 change waits' : `${waiting.length} changes wait`} for a second admin`
    const room = Math.floor(6_000 / shown.length)
    return {
      text: title,
      blocks: [richText(line(bold(title))), ...shown.flatMap((one) => proposalBlocks(one, people, me, room))],
    }
  },
}

export const confirm: Act = {
  usage: 'NUMBER',
  about: 'agrees to what another admin proposed: it counts from then on',
  most: 1,
  async run(parts, asked) {
    const number = readNumber(asked.words[0])
    if (number === null) return say('Say which: /countersign policy confirm 3')
    const confirmed = await parts.admin.confirmProposal(number, await typedBy(parts, asked))
    if ('refused' in confirmed) return say(`${await refusalWords(parts, confirmed)}.`)
    const author = await called(parts, confirmed.author)
    return say(`Version ${confirmed.version} counts from now on, as ${author} proposed it and you agreed.`)
  },
}

export const reject: Act = {
  usage: 'NUMBER [WHY]',
  about: 'turns down what another admin proposed, or takes back your own proposal',
  options: ['reason'],
  async run(parts, asked) {
    const [typed, ...why] = asked.words
    const number = readNumber(typed)
    if (number === null) return say('Say which: /countersign policy reject 3 [WHY]')
    const reason = freeText(asked.values.reason, why)
    const rejected = await parts.admin.rejectProposal({ number, reason }, await typedBy(parts, asked))
    return say(
      'refused' in rejected ? `${await refusalWords(parts, rejected)}.` : `Proposal ${number} is off.`,
    )
  },
}
