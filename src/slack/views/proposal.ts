import type { ActionsBlock, Button, KnownBlock, ModalView } from '@slack/types'
import type { Proposal, Standing } from '../../admin/policy/proposals.ts'
import { changeWords, standingWords } from '../../admin/policy/words.ts'
import { sha256Hex } from '../../platform/ids.ts'
import type { Rendered } from '../posts.ts'
import { fit } from './limits.ts'
import { nameOf, type People } from './people.ts'
import { comparisonBlock } from './policy-review.ts'
import { preformatted } from './preformatted.ts'
import { reveal } from '../../approval/reveal.ts'
import { bold, dateToken, escapeMrkdwn, line, plain, richText } from './text.ts'
import { isPerson } from './versions.ts'

const proposalEvent = 'countersign_policy_proposal'

/** The buttons of a proposal, by their action_id, and the form that asks why it is rejected. */
export const proposalButtons = { confirm: 'confirm_policy', reject: 'reject_policy' } as const
export const rejectionForm = { callback_id: 'reject_policy' } as const

const reason = { block_id: 'reason', action_id: 'reason' } as const

/** How much of a difference a message shows beside the rest. */
const room = 8_000

/** What an admin is told of a change that waits for them; the same message later says what became of it. */
export function proposalCard(proposal: Proposal, people: People, admin: string): Rendered {
  const { number, author, standing } = proposal
  const waits = standing.state === 'waiting' ? 'waits for you' : standingIn(standing, people)
  const text = `${escapeMrkdwn(authorName(author, people))} wants to change the policy: proposal ${number} ${escapeMrkdwn(waits)}`
  const blocks = proposalBlocks(proposal, people, admin)
  return {
    text,
    // A new id for each new content: Slack keeps what it drew for a block whose id it knows.
    blocks: blocks.map((block, index) => ({
      ...block,
      block_id: `${index}.${sha256Hex(JSON.stringify(block)).slice(0, 16)}`,
    })),
    metadata: { event_type: proposalEvent, event_payload: { proposal: number } },
  }
}

/** To its author: what became of it. Null while it waits. */
export function proposalOutcome({ number, standing }: Proposal, people: People): Rendered | null {
  if (standing.state === 'waiting') return null
  const what =
    standing.state === 'confirmed' ? 'It counts from now on.' : 'The policy stays as it was before it.'
  const text = `Your proposal ${number} ${standing.state === 'lapsed' ? '' : 'was '}${escapeMrkdwn(reveal(standingIn(standing, people)))}. ${what}`
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
    metadata: { event_type: proposalEvent, event_payload: { proposal: number, outcome: standing.state } },
  }
}

/** A proposal with all that it changes, to be looked at by somebody, with what they may do about it. */
export function proposalBlocks(
  proposal: Proposal,
  people: People,
  viewer: string,
  characters = room,
): KnownBlock[] {
  const { number, author, base, note, changes, comparison, standing, lapses_at, back_to } = proposal
  const what = back_to === null ? 'change the policy' : `go back to version ${back_to} of the policy`
  const waits = standing.state === 'waiting'
  return [
    richText(
      line(bold(`Proposal ${number}: ${authorName(author, people)} wants to ${what}`)),
      ...(note === null
        ? []
        : [{ type: 'rich_text_quote' as const, elements: [plain(fit(reveal(note), 500))] }]),
    ),
    {
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: `From version ${base}: ${changeWords(changes)}${waits ? `. It lapses ${dateToken(lapses_at)}` : ''}`,
        },
      ],
    },
    ...preformatted(
      changes.lines.join('\n'),
      characters,
      `countersign policy proposals ${number}, on the command line, prints all of it.`,
    ),
    ...(comparison ? [comparisonBlock(comparison)] : []),
    ...(waits
      ? [buttons(number, author === viewer)]
      : [
          richText(
            line(
              bold(`This ${standing.state === 'lapsed' ? '' : 'was '}`),
              bold(reveal(standingIn(standing, people))),
            ),
          ),
        ]),
  ]
}

function buttons(number: number, own: boolean): ActionsBlock {
  const button = (action_id: string, text: string, style: 'primary' | 'danger'): Button => ({
    type: 'button',
    action_id,
    text: { type: 'plain_text', text },
    value: JSON.stringify({ proposal: number }),
    accessibility_label: `${text} proposal ${number}`,
    style,
  })
  return {
    type: 'actions',
    elements: own
      ? [button(proposalButtons.reject, 'Take back', 'danger')]
      : [
          button(proposalButtons.confirm, 'Approve', 'primary'),
          button(proposalButtons.reject, 'Reject', 'danger'),
        ],
  }
}

/** The proposal that a button or a form is about; null where it carries none of ours. */
export function readProposalNumber(carried: string | undefined): number | null {
  try {
    const { proposal } = JSON.parse(carried ?? '') as { proposal?: unknown }
    return typeof proposal === 'number' && Number.isInteger(proposal) && proposal > 0 ? proposal : null
  } catch {
    return null
  }
}

/** Asks why a change is turned down. */
export function rejectionView(number: number): ModalView {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words })
  return {
    type: 'modal',
    callback_id: rejectionForm.callback_id,
    private_metadata: JSON.stringify({ proposal: number }),
    title: text(`Reject proposal ${number}`),
    submit: text('Reject'),
    close: text('Back'),
    blocks: [
      {
        type: 'input',
        block_id: reason.block_id,
        optional: true,
        label: text('Why?'),
        hint: text('Whoever proposed it will read this, and it stands in the audit.'),
        element: {
          type: 'plain_text_input',
          action_id: reason.action_id,
          multiline: true,
          max_length: 500,
          focus_on_load: true,
        },
      },
    ],
  }
}

/** What was typed into the form; null where there are only blanks. */
export function rejectionIn(
  values: Record<string, Record<string, { value?: string | null }>>,
): string | null {
  return values[reason.block_id]?.[reason.action_id]?.value?.trim() || null
}

/** Everybody that a proposal names. */
export function namedInProposal({ author, standing }: Proposal): string[] {
  return [author, ...('by' in standing ? [standing.by] : [])].filter(isPerson)
}

function standingIn(standing: Standing, people: People): string {
  return standingWords(standing, (id) => (id === 'operator' ? 'an operator' : nameOf(people, id)))
}

/** Somebody's name where they are in Slack, else what they are. */
function authorName(author: string, people: People): string {
  return author === 'operator' ? 'An operator' : reveal(nameOf(people, author))
}
