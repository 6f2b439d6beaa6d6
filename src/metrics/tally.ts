import { listed, writtenRoles } from '../approval/plan.ts'
import { cellOf, type Cell } from './cell.ts'
import type { Counted, Ending } from './counted.ts'
import { fromDecimal } from './decimal.ts'
import { bucketOf } from './histogram.ts'

/** Nobody reads a request in less, in milliseconds. */
const quickMs = 5_000

/** Something that an event adds to the figures of the approval's agent and tool, of a role, or of an approver. */
export type Share = { of: 'approval' } | { of: 'role' | 'approver'; key: string }
export type Added = Share & { cell: Cell }

/** An approval as far as its events were gone through. */
type Story = {
  asked_at: Date
  /** The roles of each stage, and which stages are met. */
  stages: string[][]
  met: Set<number>
  opened_at: Date
  /** Stages that were escalated since they were planned, and whether any ever was. */
  escalated: Set<number>
  was_escalated: boolean
  was_edited: boolean
  has_run: boolean
  /** Who voted for it as it is, or broke the glass. */
  backers: Set<string>
  /** Whether it was approved by a person who did so, or by a known policy. */
  is_traced: boolean
}

/**
 * What each event of one approval adds to the figures. This is the one place where counting is defined; docs/metrics.md says it in
 * words.
 *
 * @param events all that are counted, from the first on, in their order
 */
export function tally(events: readonly Counted[]): Added[][] {
  const story: Story = {
    asked_at: events[0]?.at ?? new Date(0),
    stages: [],
    met: new Set(),
    opened_at: new Date(0),
    escalated: new Set(),
    was_escalated: false,
    was_edited: false,
    has_run: false,
    backers: new Set(),
    is_traced: false,
  }
  return events.map((event) => goOn(story, event))
}

/** The story goes on by one event. */
function goOn(story: Story, event: Counted): Added[] {
  switch (event.type) {
    case 'approval.requested':
      story.stages = rolesOf(event)
      return [
        approval('requested', ...(event.data.effect === 'require_approval' ? ['asked'] : [])),
        ...opened(story, event.at),
      ]
    case 'action.edited':
      return edited(story, event)
    case 'stage.met':
      return stageMet(story, event.data.stage, event.at)
    case 'step.escalated':
      return escalated(story, event.data.stage)
    case 'vote.cast':
      return voted(story, event)
    case 'glass.broken':
      return [
        approval('glass_broken'),
        ...ofRoles(openIn(story).roles, cellOf(['glass_broken'])),
        ...backed(story, event, ['approve', 'glass_broken']),
      ]
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired':
    case 'approval.cancelled':
      return ended(story, event)
    case 'callback.tried': {
      const { callback_status } = event.data
      return [
        approval('callback.tried', ...(callback_status === 'pending' ? [] : [`callback.${callback_status}`])),
      ]
    }
    case 'permit.consumed':
      return ran(story)
    case 'outcome.reported':
      return [outcome(event), ...(event.data.status === 'skipped' ? [] : ran(story))]
    case 'outcome.missed':
      return [approval('outcome.missed')]
    case 'auditor.repaired':
      return [approval('repaired')]
  }
}

function approval(...measures: string[]): Added {
  return { of: 'approval', cell: cellOf(measures) }
}

function ofRoles(roles: readonly string[], cell: Cell): Added[] {
  return roles.map((key) => ({ of: 'role', key, cell }))
}

function rolesOf({ data }: Extract<Counted, { type: 'approval.requested' | 'action.edited' }>): string[][] {
  return data.stages.map((stage) => listed(writtenRoles(stage)))
}

/** The stage that waits for votes: the first that is not met. */
function openIn({ stages, met }: Story): { stage: number; roles: string[] } {
  const stage = stages.findIndex((_, index) => !met.has(index))
  return { stage, roles: stages[stage] ?? [] }
}

/** Another stage is open, whose roles are asked from now on. */
function opened(story: Story, at: Date): Added[] {
  story.opened_at = at
  return ofRoles(openIn(story).roles, cellOf(['asked']))
}

/** All of it is asked anew. */
function edited(
  story: Story,
  event: Extract<Counted, { type: 'action.edited' | 'approval.requested' }>,
): Added[] {
  const first = story.was_edited ? [] : [approval('edited')]
  story.was_edited = true
  story.stages = rolesOf(event)
  for (const forgotten of [story.met, story.escalated, story.backers]) forgotten.clear()
  return [...first, ...opened(story, event.at)]
}

/** An editor's own approval may meet a later stage while the first still waits: what nobody waited for took no time. */
function stageMet(story: Story, stage: number, at: Date): Added[] {
  const open = openIn(story)
  story.met.add(stage)
  if (stage !== open.stage) return ofRoles(story.stages[stage] ?? [], cellOf(['approved.human']))
  return [...ofRoles(open.roles, decided('approved.human', story.opened_at, at)), ...opened(story, at)]
}

/** Somebody decided, and how long that took. */
function decided(measure: string, since: Date, at: Date): Cell {
  return cellOf([measure], { bucket: bucketOf(at.getTime() - since.getTime()) })
}

function escalated(story: Story, stage: number): Added[] {
  const ofApproval = story.was_escalated ? [] : [approval('escalated')]
  const roles = story.escalated.has(stage) ? [] : (story.stages[stage] ?? [])
  story.was_escalated = true
  story.escalated.add(stage)
  return [...ofApproval, ...ofRoles(roles, cellOf(['escalated']))]
}

/** Who votes on one request after the other has not looked at the second before the first was done. */
function voted(story: Story, event: Extract<Counted, { type: 'vote.cast' }>): Added[] {
  const since = Math.max(story.opened_at.getTime(), event.voted_before?.getTime() ?? 0)
  const quick = event.at.getTime() - since < quickMs ? ['quick'] : []
  const { vote } = event.data
  return [
    approval('votes', ...quick),
    ...(vote === 'approve' ? backed(story, event, [vote, ...quick]) : byApprover(event, [vote, ...quick])),
  ]
}

function backed(story: Story, event: Counted, measures: string[]): Added[] {
  if (event.by.slack_user_id !== undefined) story.backers.add(event.by.slack_user_id)
  return byApprover(event, measures)
}

function byApprover({ by }: Counted, measures: string[]): Added[] {
  return by.slack_user_id === undefined
    ? []
    : [{ of: 'approver', key: by.slack_user_id, cell: cellOf(measures) }]
}

/** By whom it ended counts for itself; of roles, for those that were waited for. */
function ended(story: Story, { type, by, at }: Counted & { type: `approval.${Ending}` }): Added[] {
  const status = type.slice('approval.'.length)
  const measure = `${status}.${by.type}`
  const { roles } = openIn(story)
  if (status === 'approved') {
    story.is_traced =
      by.type === 'human'
        ? story.backers.has(by.slack_user_id ?? '')
        : by.type === 'policy' && by.version !== undefined
    // Its stages are met, or somebody broke the glass: either was counted.
    const cell = by.type === 'human' ? decided(measure, story.asked_at, at) : cellOf([measure])
    return [{ of: 'approval', cell }]
  }
  const isDecided = status === 'rejected' && by.type === 'human'
  const cellSince = (since: Date) => (isDecided ? decided(measure, since, at) : cellOf([measure]))
  return [{ of: 'approval', cell: cellSince(story.asked_at) }, ...ofRoles(roles, cellSince(story.opened_at))]
}

/** The action was run, as far as is known for the first time: it must trace to whoever approved it. */
function ran(story: Story): Added[] {
  if (story.has_run) return []
  story.has_run = true
  return [approval('ran', ...(story.is_traced ? ['traced'] : []))]
}

function outcome({ data }: Extract<Counted, { type: 'outcome.reported' }>): Added {
  const { status, attempts, cost } = data
  const cell = cellOf([`outcome.${status}`])
  if (attempts !== null) {
    cell.counts.set('outcome.with_attempts', 1)
    cell.counts.set('attempts', attempts)
  }
  if (cost !== null) {
    cell.counts.set(`cost:${cost.currency}`, 1)
    if (status === 'succeeded') cell.counts.set(`cost_succeeded:${cost.currency}`, 1)
    cell.sums.set(`cost:${cost.currency}`, fromDecimal(cost.amount))
  }
  return { of: 'approval', cell }
}
