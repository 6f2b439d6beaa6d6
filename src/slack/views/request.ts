import type { KnownBlock, RichTextBlockElement, RichTextSection } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { effective, isEdited } from '../../approval/effective.ts'
import { editedBlocks } from './edited.ts'
import { counted, fit, limits } from './limits.ts'
import { person, type People } from './people.ts'
import { bold, code, line, plain, reveal, richText } from './text.ts'

/** How much of what the agent wrote is shown; what is beyond is counted, never silently left out. */
export type Room = { arguments: number; changes: number; justification: number; link: number }

const riskMarks = { low: '○ low', medium: '◐ medium', high: '● high', critical: '◆ CRITICAL' } as const

/** What is asked, by whom and why: the same on every card of an approval, whatever became of it. */
export function requestBlocks(approval: Approval, people: People, room: Room): KnownBlock[] {
  return [
    { type: 'header', text: { type: 'plain_text', text: headline(approval, limits.header), emoji: false } },
    richText(...facts(approval, people, room)),
    ...editedBlocks(approval, people, room.changes),
    richText({
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: argumentsText(approval, room.arguments) }],
    }),
    ...agentsWords(approval, room.justification),
  ]
}

/**
 * The agent's summary, or the tool's name where it gave none, as plain text. It says what was asked for at first: whether
 * that is still so stands before it.
 */
export function headline(approval: Approval, limit: number): string {
  const edited = isEdited(approval) ? 'Edited: ' : ''
  return fit(edited + reveal(approval.action.summary ?? approval.action.tool).replaceAll('\n', ' '), limit)
}

function facts(approval: Approval, people: People, room: Room): RichTextSection[] {
  const { agent, subject, on_behalf_of, plan } = approval
  const rows: RichTextSection[] = [
    fact('Tool', code(approval.action.tool)),
    fact(
      'Agent',
      code(reveal(agent.name)),
      plain(' in '),
      code(reveal(approval.environment)),
      plain(', owned by '),
      person(people, agent.owner),
    ),
    fact('Risk', plain(riskMarks[approval.risk])),
  ]
  if (subject)
    rows.push(
      fact('About', code(fit(reveal(`${subject.type} ${subject.id}`), 300)), ...link(subject.url, room.link)),
    )
  if (on_behalf_of) rows.push(fact('Asked by', person(people, on_behalf_of), plain(' (the agent says so)')))
  for (const { title, url } of approval.links)
    rows.push(fact('Link', code(fit(reveal(title), 100)), ...link(url, room.link)))
  if (approval.retry_of) rows.push(fact('Retry of', code(approval.retry_of)))
  rows.push(
    fact(
      'Rule',
      code(plan.rule ?? 'defaults'),
      plain(` of policy version ${plan.policy_version}`),
      ...why(plan.reason),
    ),
  )
  return rows
}

function fact(label: string, ...value: RichTextSection['elements']): RichTextSection {
  return line(bold(`${label}  `), ...value)
}

/** The address as text that cannot be clicked by mistake: its host is seen before anybody goes there. */
function link(url: string | null, room: number): RichTextSection['elements'] {
  return url === null ? [] : [plain('  '), code(fit(reveal(url), room))]
}

function why(reason: string | null): RichTextSection['elements'] {
  return reason === null ? [] : [plain(`: ${fit(reason, 300)}`)]
}

function argumentsText(approval: Approval, room: number): string {
  return counted(reveal(JSON.stringify(effective(approval).arguments, null, 2)), room)
}

function agentsWords(approval: Approval, room: number): KnownBlock[] {
  const { justification } = approval.action
  if (justification === null) return []
  const words = fit(reveal(justification), room)
  const left = reveal(justification).length - words.length
  const quote: RichTextBlockElement = {
    type: 'rich_text_quote',
    elements: [plain(words), ...(left > 0 ? [plain(` (${left} more characters)`)] : [])],
  }
  return [richText(line(bold('In the agent’s own words')), quote)]
}
