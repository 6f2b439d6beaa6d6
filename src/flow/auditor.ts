import type { Effect } from '../approval/decide.ts'
import type { Fact } from '../approval/events.ts'
import { nextMoment } from '../approval/ladder.ts'
import { findGaps, type Gap } from '../store/auditor.ts'
import { changeApproval } from '../store/change-approval.ts'
import type { FlowParts } from './flow.ts'
import { callbackJob, consequencesOf } from './record.ts'

/** What should have happened this long ago, in milliseconds, and did not, is a gap. */
const graceMs = 120_000

/** How far back callbacks are checked, in milliseconds. */
const lookBackMs = 86_400_000

/** How many gaps of a kind one round repairs: the next round finds the rest. */
const perRound = 100

/**
 * Looks for what should have happened and did not, and sets it going again through the ordinary jobs, with an audit
 * event for each. There should never be any: it is here because on-call systems that trust themselves lose things.
 *
 * @returns how many gaps it found
 */
export async function auditorRound(parts: FlowParts): Promise<number> {
  const { database, clock, work, log } = parts
  const now = clock.now().getTime()
  const gaps = await findGaps(database, new Date(now - graceMs), new Date(now - lookBackMs), perRound)
  for (const gap of gaps) await repair(parts, gap)
  if (gaps.length > 0) {
    log.error({ gaps }, 'the auditor found what should have happened and did not')
    work.raise()
  }
  return gaps.length
}

async function repair({ database, clock, policy }: FlowParts, gap: Gap): Promise<void> {
  const { policy: channels } = await policy.remembered()
  const fact: Fact = { type: 'auditor.repaired', actor: { type: 'countersign' }, data: { found: gap.kind } }
  await changeApproval(database, gap.approval_id, clock.now, ({ approval, next_seq, now }) => {
    const effects: Effect[] = []
    if (gap.kind === 'overdue_step') {
      const moment = nextMoment(approval)
      // Closed meanwhile, in the ordinary way.
      if (!moment || moment.at.getTime() > now.getTime() - graceMs) return { write: null, result: null }
      effects.push({ do: 'set_timer', ...moment })
    }
    if (gap.kind === 'missing_card') effects.push({ do: 'show_cards' })
    if (gap.kind === 'missing_callback' && approval.status !== 'pending')
      effects.push({ do: 'call_back', type: `approval.${approval.status}` })
    const consequences = consequencesOf(channels, approval, [fact], effects, next_seq, now)
    if (gap.kind === 'idle_callback') consequences.jobs.push(callbackJob(gap.callback_id, now))
    return { write: { next: approval, consequences }, result: null }
  })
}
