import type { KnownBlock } from '@slack/types'
import { readVersion } from '../../../admin/policy/versions.ts'
import type { SlackParts } from '../../context.ts'
import { unescapeTyped } from '../../views/text.ts'
import { testModal } from '../../views/test-modal.ts'
import { trialBlocks } from '../../views/trial.ts'
import { say, type Act, type Answer } from '../command.ts'
import { faultWords } from '../../../admin/policy/words.ts'

export const test: Act = {
  usage: '[ID | [AGENT] REQUEST] [--version N]',
  about:
    'what the policy would do with a request, and why: one that was asked, or JSON as an agent sends it; without either, a form',
  verbatim: true,
  async run(parts, { text }) {
    const { of, agent, version } = takeApart(text)
    if (version === 'unreadable') return say('--version is followed by the number of a version.')
    if (of === '') {
      const agents = await parts.admin.agents()
      return { ...say('Put a request into the form.'), modal: testModal(agents.map(({ name }) => name)) }
    }
    return trial(parts, { of, agent, by: { version } })
  },
}

/** What a policy would do with a request, as an answer to who tried it. */
export async function trial(
  { admin, workspace }: Pick<SlackParts, 'admin' | 'workspace'>,
  asked: Parameters<SlackParts['admin']['testPolicy']>[0],
): Promise<Answer & { blocks: KnownBlock[]; refused: boolean }> {
  const tried = await admin.testPolicy(asked, workspace.reach)
  if ('refused' in tried) {
    const { text, blocks = [] } = say([`${tried.refused}.`, ...tried.faults.map(faultWords)].join('\n'))
    return { text, blocks, refused: true }
  }
  return { ...(await trialBlocks(tried, (ids) => workspace.people(ids))), refused: false }
}

/**
 * `[AGENT] REQUEST [--version N]`, where REQUEST begins with a brace or is an approval's id. A request is taken as it was
 * typed: what looks like an option in it is its own.
 */
function takeApart(typed: string): {
  of: string
  agent: string | null
  version: number | null | 'unreadable'
} {
  const [, before = '', named] = /^([\s\S]*?)(?:\s*(?:--|—|–)version(?:\s+|=)?(\S*))?\s*$/.exec(typed) ?? []
  const version = named === undefined ? null : (readVersion(named) ?? 'unreadable')
  const text = unescapeTyped(before).trim()
  const [, name, rest] = /^(?!apr_)([a-z0-9][a-z0-9._-]*)\s+([\s\S]+)$/.exec(text) ?? []
  return name === undefined || rest === undefined
    ? { of: text, agent: null, version }
    : { of: rest, agent: name, version }
}
