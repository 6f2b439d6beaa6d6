import type { KnownBlock, RichTextElement } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'
import {
  changeWords,
  inWords,
  isNothing,
  measuresBy,
  neverRejects,
  type Approver,
  type Report,
} from '../../metrics/index.ts'
import type { Rendered } from '../posts.ts'
import { bold, code, dateToken, escapeMrkdwn, line, plain, richText } from './text.ts'

/** A picture that Slack has. */
export type ShownPicture = { file_id: string; alt: string }

/** Slack takes ten fields in a section. */
const fieldsInSection = 10
const mostGroups = 10
const mostApprovers = 5

/** The card of the figures: what they are, how they changed, by what was asked for, and who decides. */
export function figuresBlocks(report: Report, words: string): KnownBlock[] {
  const { window, as_of, by, approvers } = report
  return [
    { type: 'header', text: { type: 'plain_text', text: headline(report, words), emoji: false } },
    {
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: `Since ${dateToken(window.from)}, with the change to the ${escapeMrkdwn(words)} before. ${as_of ? `Counted up to ${dateToken(as_of)}` : 'Nothing was counted yet'}`,
        },
      ],
    },
    ...sections(report),
    ...(by === null ? byApprover(approvers ?? []) : byGroup(report)),
  ]
}

/** The same as a message of its own, with pictures. */
export function figuresMessage(
  report: Report,
  words: string,
  { id, pictures, missing }: { id: string; pictures: ShownPicture[]; missing: string | null },
): Rendered {
  const images = pictures.map(({ file_id, alt }): KnownBlock => ({
    type: 'image',
    slack_file: { id: file_id },
    alt_text: alt.slice(0, 2_000),
  }))
  const without: KnownBlock[] =
    missing === null
      ? []
      : [
          {
            type: 'context',
            elements: [{ type: 'plain_text', text: `Without pictures: ${missing}`, emoji: false }],
          },
        ]
  return {
    text: headline(report, words),
    blocks: [...figuresBlocks(report, words), ...images, ...without],
    metadata: { event_type: 'countersign_figures', event_payload: { id } },
  }
}

function headline({ by }: Report, words: string): string {
  return `Oversight in the last ${words}${by === null ? '' : ` by ${by}`}`
}

function sections({ figures, figures_before }: Report): KnownBlock[] {
  const fields = measuresBy(null).flatMap(({ name, title, unit }) => {
    const [now, before] = [figures[name] ?? null, figures_before[name] ?? null]
    if (isNothing(unit, now) && isNothing(unit, before)) return []
    const change = changeWords(unit, now, before)
    return [
      `${escapeMrkdwn(title)}\n*${escapeMrkdwn(inWords(unit, now))}*${change === null ? '' : `  ${change}`}`,
    ]
  })
  const parts = Array.from({ length: Math.ceil(fields.length / fieldsInSection) }, (_, nth) =>
    fields.slice(nth * fieldsInSection, (nth + 1) * fieldsInSection),
  )
  return parts.map((some) => ({ type: 'section', fields: some.map((text) => ({ type: 'mrkdwn', text })) }))
}

/** What is said of each group: the rest is on the command line. */
const ofGroup = [
  'asked',
  'approval_latency_p50_ms',
  'approval_latency_p95_ms',
  'escalation_rate',
  'timeout_rate',
  'rejection_rate',
]

function byGroup({ by, groups, left_off }: Report): KnownBlock[] {
  if (by === null || groups.length === 0) return []
  const said = measuresBy(by).filter(({ name }) => ofGroup.includes(name))
  const lines = groups
    .slice(0, mostGroups)
    .map(({ key, figures }) =>
      line(
        code(reveal(key)),
        plain(
          `  ${said.map(({ name, title, unit }) => `${short(title)} ${inWords(unit, figures[name] ?? null)}`).join(' · ')}\n`,
        ),
      ),
    )
  const more = groups.length + left_off - mostGroups
  const rest =
    more > 0
      ? [line(plain(`… and ${more} more: countersign metrics, on the command line, has them all`))]
      : []
  return [{ type: 'divider' }, richText(line(bold(`By ${by}\n`)), ...lines, ...rest)]
}

function short(title: string): string {
  return title
    .replace('Time to decision, ', '')
    .replace(' by people', '')
    .replace(' of people', '')
    .toLowerCase()
}

function byApprover(approvers: readonly Approver[]): KnownBlock[] {
  if (approvers.length === 0) return []
  const lines = approvers.slice(0, mostApprovers).map((one) => {
    const { slack_user_id, decisions, rejected, quick } = one
    const who: RichTextElement = { type: 'user', user_id: slack_user_id }
    const words = [
      decisions === 1 ? '1 decision' : `${decisions} decisions`,
      `${rejected} rejected`,
      ...(quick > 0 ? [`${quick} in under 5 s`] : []),
      ...(neverRejects(one) ? ['never rejects'] : []),
    ]
    return line(who, plain(`  ${words.join(' · ')}\n`))
  })
  const more = approvers.length - mostApprovers
  const rest = more > 0 ? [line(plain(`… and ${more} more`))] : []
  return [{ type: 'divider' }, richText(line(bold('Who decides\n')), ...lines, ...rest)]
}
