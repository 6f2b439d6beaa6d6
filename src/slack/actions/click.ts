import type { BlockAction, BlockElementAction } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import { votingRoles, type Approval, type Person } from '../../approval/approval.ts'
import type { ClickInput, Membership } from '../../approval/click.ts'
import type { Clicked } from '../../approval/decide.ts'
import type { VoteInput } from '../../approval/vote.ts'
import type { Changed } from '../../flow/change.ts'
import type { SlackParts } from '../context.ts'
import { refusalWords } from '../views/refusals.ts'
import { escapeMrkdwn } from '../views/text.ts'
import { readChoice, readTicket, type Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'

/**
 * A click on a button or in a menu of ours, with everything that Slack said about it. `choice` is what was chosen where
 * there was a choice; `view_id` is set where it was in a modal.
 */
export type Click = {
  visitor: Visitor
  ticket: Ticket
  choice: string | null
  channel: string | null
  view_id: string | null
  trigger_id: string
}

/**
 * What is left to do when the click was written and acknowledged: words for this person alone, a modal to open. Slack
 * shows a failure where the acknowledgement takes 3 s, so that nothing that can wait comes before it.
 */
export type AfterAck = { tell?: string | null; open?: () => Promise<void> }

/** Null where what was clicked carries no ticket of ours. */
export function readClick(body: BlockAction, action: BlockElementAction): Click | null {
  const carried = carriedBy(action)
  const plain = readTicket(carried)
  const { ticket, choice } = plain ? { ticket: plain, choice: null } : (readChoice(carried) ?? {})
  if (!ticket || choice === undefined) return null
  const channel = body.channel?.id ?? null
  const shown = ticket.seen ?? seenBeside(body, ticket)
  const seen = shown && { ...shown, channel, ts: body.message?.ts ?? null }
  return {
    ticket: { ...ticket, seen },
    choice,
    visitor: visitorOf(body.user),
    channel,
    view_id: body.view?.id ?? null,
    trigger_id: body.trigger_id,
  }
}

/** A menu's entry is too short to say what its card or its Home showed: the buttons beside it do. */
function seenBeside(body: BlockAction, { approval_id }: Ticket): Ticket['seen'] {
  const blocks: KnownBlock[] = body.message?.['blocks'] ?? body.view?.blocks ?? []
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
  const tickets = elements.map((element) => (element.type === 'button' ? readTicket(element.value) : null))
  return tickets.find((ticket) => ticket?.approval_id === approval_id && ticket.seen)?.seen ?? null
}

function carriedBy(action: BlockElementAction): string | undefined {
  if (action.type === 'button') return action.value
  return action.type === 'static_select' || action.type === 'overflow'
    ? action.selected_option?.value
    : undefined
}

export function visitorOf(user: { id: string; team_id?: string }): Visitor {
  return { slack_user_id: user.id, team_id: user.team_id ?? null }
}

/** The approval as it is after what the person did; `refusal` says in words why nothing came of it, null where it counted. */
export type Judged = { approval: Approval | null; refusal: string | null }

const unknown: Judged = {
  approval: null,
  refusal: 'This request is not known here. Nothing was changed.',
}

/** Puts what a person did to the core, with who they are and which roles they have. */
export async function judge(
  parts: SlackParts,
  from: { visitor: Visitor; ticket: Ticket },
  apply: (by: Person, membership: Membership) => Promise<Changed<Clicked> | null>,
): Promise<Judged> {
  const click = await inputOf(parts, from)
  return judged(click && (await apply(click.by, click.membership)))
}

/**
 * What somebody did on a card, as the core judges it. Who they are is read before the row is locked: nothing waits for
 * Slack inside a transaction. Null where there is no such approval.
 *
 * @param rolesOf which roles it matters to be in: those that may vote at the stage of the card, unless said
 */
export async function inputOf(
  { flow, workspace }: SlackParts,
  { visitor, ticket }: { visitor: Visitor; ticket: Ticket },
  rolesOf: (approval: Approval, stage: number) => string[] = votingAt,
): Promise<ClickInput | null> {
  const approval = await flow.find(ticket.approval_id)
  if (!approval) return null
  const { stage, revision, seen } = ticket
  const [by, membership] = await Promise.all([
    workspace.person(visitor.slack_user_id),
    workspace.membership(visitor, rolesOf(approval, stage)),
  ])
  return { by, membership, stage, revision, seen }
}

function votingAt({ stages }: Approval, stage: number): string[] {
  const state = stages[stage]
  return state ? votingRoles(state) : []
}

/** What the core answered, in words; null is for what is not there. */
export function judged(changed: Changed<Clicked> | null): Judged {
  if (!changed) return unknown
  const { approval, reply } = changed
  return { approval, refusal: reply.counted ? null : refusalWords(approval, reply.because, reply.detail) }
}

/** A click, or a form's submission, as this person's vote. */
export async function vote(
  parts: SlackParts,
  type: VoteInput['type'],
  how: VoteInput['vote'],
  from: { visitor: Visitor; ticket: Ticket },
  comment: string | null,
  canned: number | null = null,
): Promise<Judged> {
  const { approval_id, ...card } = from.ticket
  return judge(parts, from, (by, membership) =>
    parts.flow.vote(approval_id, { type, vote: how, by, membership, comment, canned, ...card }),
  )
}

/** Where an answer can stand that its person alone sees; `thread_ts` names the message above its thread. */
export type Place = { channel: string; thread_ts?: string }

/**
 * Where somebody looks who has clicked. Of a card with a thread Slack does not say whether they have the channel before them
 * or the thread, which on a phone hides the channel: they find the answer in either.
 */
export function placesOf({ channel, message }: BlockAction): Place[] {
  if (!channel) return []
  const { ts, thread_ts } = (message ?? {}) as { ts?: string; thread_ts?: string }
  if (thread_ts === undefined) return [{ channel: channel.id }]
  const thread = { channel: channel.id, thread_ts }
  return ts === thread_ts ? [{ channel: channel.id }, thread] : [thread]
}

/** An answer that this person alone sees. */
export async function tellPrivately(
  { interactive, log }: SlackParts,
  { visitor: { slack_user_id: user }, places }: { visitor: Visitor; places: Place[] },
  words: string,
) {
  const blocks = [
    { type: 'section' as const, text: { type: 'plain_text' as const, text: words, emoji: false } },
  ]
  // In a notification it is mrkdwn.
  const text = escapeMrkdwn(words)
  try {
    // Outside of a channel (App Home) there is nobody else to see it: a direct message says the same.
    if (places.length === 0) await interactive.chat.postMessage({ channel: user, text, blocks })
    await Promise.all(places.map((place) => interactive.chat.postEphemeral({ ...place, user, text, blocks })))
  } catch (error) {
    // What the click did is committed and audited; only the words did not get through.
    log.warn({ err: error, user }, 'a private answer could not be given')
  }
}
