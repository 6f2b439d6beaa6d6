import type { HomeView, KnownBlock } from '@slack/types'
import type { Freeze } from '../../../approval/freeze.ts'
import type { RawApproval } from '../../../approval/shown.ts'
import { reveal } from '../../../approval/reveal.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { briefly } from '../brief.ts'
import { person, type People } from '../people.ts'
import { bold, code, line, plain, richText } from '../text.ts'
import { decidedItem } from './decided.ts'
import { waitingItem } from './waiting.ts'

/** What one person's Home is about. Everything is in the order in which it is shown. */
export type Inbox = {
  slack_user_id: string
  /** Of which roles they are, and of which Slack does not say so just now. */
  roles: string[]
  unread: string[]
  /** What waits for them, first what nobody else could take off them. */
  irreplaceable: RawApproval[]
  waiting: RawApproval[]
  /** How many more requests wait in their roles, for them or for others. */
  more: number
  decided: RawApproval[]
  /** The freezes in force, with the names of their agents; null for all agents. */
  freezes: (Pick<Freeze, 'reason'> & { agent: string | null })[]
  /** How many requests wait at all, and how many of them nobody can decide; for admins. */
  company: { waiting: number; unreachable: number } | null
  /** Whom to ask for a role. */
  admins: string[]
}

/** So many freezes and names are told one by one. */
const mostNamed = 3

/**
 * The Home of somebody, as a pure function of what is committed. It carries the hash of its blocks, by which it is known what
 * Slack shows of it.
 */
export function homeView(inbox: Inbox, people: People): HomeView & { private_metadata: string } {
  const { irreplaceable, waiting, decided, slack_user_id } = inbox
  const blocks = [
    ...head(inbox),
    ...notices(inbox),
    ...(irreplaceable.length > 0
      ? [header('Not without you'), note('Nobody could take your place in these.')]
      : []),
    ...set(irreplaceable.map((approval) => waitingItem(approval, people))),
    ...(irreplaceable.length > 0 && waiting.length > 0 ? [header('Also for you')] : []),
    ...set(waiting.map((approval) => waitingItem(approval, people))),
    ...others(inbox),
    ...(decided.length > 0 ? [header('Decided by you lately')] : []),
    ...decided.flatMap((approval) => decidedItem(approval, slack_user_id)),
    ...foot(inbox, people),
  ]
  return { type: 'home', private_metadata: sha256Hex(JSON.stringify(blocks)), blocks }
}

function head({ slack_user_id, irreplaceable, waiting, more, roles }: Inbox): KnownBlock[] {
  const count = irreplaceable.length + waiting.length
  if (count === 0)
    return [
      header('Nothing waits for you'),
      note(
        roles.length === 0
          ? 'Requests of agents that wait for your decision would be here.'
          : 'What needs your decision appears here by itself.',
      ),
    ]
  // Of what was not looked at, some may wait for them too.
  const title = more > 0 ? 'Waiting for you' : `Waiting for you: ${count}`
  const isAssigned = [...irreplaceable, ...waiting].some(
    ({ assigned }) => assigned?.to.slack_user_id === slack_user_id,
  )
  const order = isAssigned
    ? 'What was assigned to you comes first, then the nearest deadline.'
    : 'The nearest deadline first.'
  return [header(title), note(`${order} This page keeps itself up to date.`)]
}

/** What keeps them from deciding, or from seeing everything. */
function notices({ freezes, unread, roles, company }: Inbox): KnownBlock[] {
  const told = roles.length > 0 || company !== null ? freezes : []
  const left = told.length - mostNamed
  const lines = [
    ...told
      .slice(0, mostNamed)
      .map(({ agent, reason }) =>
        line(
          ...(agent === null
            ? [bold('🧊 Everything is frozen')]
            : [bold('🧊 Frozen: '), code(reveal(agent))]),
          plain(`: “${briefly(reveal(reason), 200)}”. Nothing of it can be approved; rejecting works.`),
        ),
      ),
    ...(left > 0 ? [line(plain(`🧊 and ${left} more agents are frozen`))] : []),
    ...(unread.length > 0
      ? [
          line(
            bold('⚠ Something may be missing here'),
            plain(`: Slack does not say just now who is in ${unread.slice(0, 10).join(', ')}.`),
          ),
        ]
      : []),
  ]
  return lines.length === 0 ? [] : [richText(...lines)]
}

/** Each below a line of its own. */
function set(items: KnownBlock[][]): KnownBlock[] {
  return items.flatMap((item): KnownBlock[] => [{ type: 'divider' }, ...item])
}

function others({ more, irreplaceable, waiting }: Inbox): KnownBlock[] {
  if (more === 0) return []
  const shown = irreplaceable.length + waiting.length
  const which = shown === 0 ? '' : ' more'
  const words = more === 1 ? `1${which} request waits` : `${more}${which} requests wait`
  return [note(`${words} in your roles, for you or for others: /countersign pending lists them.`)]
}

function foot({ roles, unread, company, admins }: Inbox, people: People): KnownBlock[] {
  const stands =
    roles.length > 0
      ? [
          plain('You decide for '),
          ...roles.slice(0, 20).flatMap((role, i) => [plain(i === 0 ? '' : ', '), code(role)]),
          plain('.'),
        ]
      : unread.length > 0
        ? []
        : [
            plain(
              'You are in no role of the policy, so nothing is asked of you. If you should be, ask an admin: ',
            ),
            ...admins
              .slice(0, mostNamed)
              .flatMap((id, i) => [plain(i === 0 ? '' : ', '), person(people, id)]),
            plain('.'),
          ]
  const all =
    company === null
      ? []
      : [
          plain(
            `You are an admin: ${company.waiting === 1 ? '1 request waits' : `${company.waiting} requests wait`} in all` +
              (company.unreachable > 0
                ? `, ${company.unreachable} of which nobody can decide right now`
                : '') +
              '.',
          ),
        ]
  const lines = [stands, all].flatMap((elements) => (elements.length === 0 ? [] : [line(...elements)]))
  return [
    { type: 'divider' },
    ...(lines.length === 0 ? [] : [richText(...lines)]),
    note('/countersign pending lists all that concerns you, /countersign help says what else there is.'),
  ]
}

function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text, emoji: false } }
}

function note(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] }
}
