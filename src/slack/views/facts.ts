import type { RichTextElement, RichTextSection } from '@slack/types'
import type { ShownApproval } from '../../approval/shown.ts'
import { briefly, onOneLine } from './brief.ts'
import { fit } from './limits.ts'
import { link } from './links.ts'
import { person, type People } from './people.ts'
import { bold, code, line, plain } from './text.ts'

/** More links than that are counted. */
const mostLinks = 3

/** Told apart by form and by word, for whoever does not see colours. */
const risks = {
  low: '○ Low risk',
  medium: '◐ Medium risk',
  high: '● High risk',
  critical: '◆ CRITICAL RISK',
} as const

/** How bad it could be, and where: what an approver has to know first. */
export function riskLine({ risk, environment }: ShownApproval): RichTextSection {
  return line(bold(risks[risk]), plain(' in '), word(environment, 100))
}

/** What would run, on whose word, for whom and about what. */
export function factLines(approval: ShownApproval, people: People): RichTextSection[] {
  const { action, agent, subject, on_behalf_of, links } = approval
  return [
    fact('Tool', code(action.tool)),
    fact('Agent', word(agent.name, 100), plain(', owned by '), person(people, agent.owner)),
    ...(on_behalf_of === null
      ? []
      : [fact('Asked by', person(people, on_behalf_of), plain(' (the agent says so)'))]),
    ...(subject
      ? [
          fact(
            'About',
            word(`${subject.type} ${subject.id}`, 150),
            ...(subject.url === null ? [] : [plain('  '), ...link(subject.url)]),
          ),
        ]
      : []),
    ...(links.length === 0 ? [] : [fact('Links', ...linked(links))]),
  ]
}

/** Which rule asks, and why. */
export function ruleLine({ plan }: ShownApproval): RichTextSection {
  const rule = plan.rule === null ? [plain('No rule matched, the defaults ask')] : [code(plan.rule)]
  const reason = plan.reason === null ? '' : `: ${briefly(plan.reason, 300)}`
  return fact('Rule', ...rule, plain(` (policy version ${plan.policy_version})${reason}`))
}

function linked(links: ShownApproval['links']): RichTextElement[] {
  const more = links.length - mostLinks
  return [
    ...links
      .slice(0, mostLinks)
      .flatMap(({ title, url }, i): RichTextElement[] => [
        plain(i === 0 ? '' : ',  '),
        word(title, 60),
        plain('  '),
        ...link(url),
      ]),
    plain(more > 0 ? `,  and ${more} more` : ''),
  ]
}

/** What the agent wrote, as it is: on one line, whatever it holds. */
function word(text: string, characters: number): RichTextElement {
  return code(fit(onOneLine(text), characters))
}

function fact(label: string, ...value: RichTextElement[]): RichTextSection {
  return line(bold(`${label}  `), ...value)
}
