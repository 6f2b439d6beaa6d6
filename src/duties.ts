import type { Lanes, Sender } from './callback/index.ts'
import type { AgentDisabled } from './flow/agent-disabled.ts'
import type { Step } from './approval/decide.ts'
import { awaited } from './approval/ladder.ts'
import type { Flow } from './flow/flow.ts'
import type { Duty, Handler } from './jobs/duty.ts'
import type { Clock } from './platform/clock.ts'
import { tryCallback } from './try-callback.ts'

/** What each kind of job does: the place where the jobs meet the rooms that know how. */
export function duties(parts: {
  flow: Flow
  clock: Clock
  cards: { show: Handler }
  lines: { tell: Handler; tellDirectly: Handler }
  homes: { show: Handler }
  announcements: { make: Handler }
  floods: { show: Handler }
  proposals: { show: Handler }
  sealing: { seal: Handler }
  checkpoints: { show: Handler }
  folding: { fold: Handler }
  figures: { send: Handler }
  sender: Sender
  lanes: Lanes
}): Record<string, Duty> {
  const { flow, cards, lines } = parts
  const timer: Handler = async (payload) => {
    const { approval_id, step } = payload as { approval_id: string; step: Step }
    const changed = await flow.timeIsUp(approval_id, step)
    // Too early, because replicas' clocks differ or the end was moved: it comes again when it is due.
    // While it is frozen nothing is due; whoever thaws it sets its timers anew.
    const due = changed && changed.approval.freeze === null && awaited(changed.approval, step)
    return due ? { again_at: due, because: 'not due yet' } : undefined
  }
  // It never ends: each round asks for the next.
  const auditor: Handler = async () => {
    await flow.auditorRound()
    return { again_at: new Date(parts.clock.now().getTime() + minute), because: 'the next round' }
  }
  const disabled: Handler = async (payload) => {
    const more = await flow.cancelWaiting(payload as AgentDisabled)
    return more ? { again_at: parts.clock.now(), because: 'there is more to cancel' } : undefined
  }
  const sweep: Handler = async (payload) => {
    const more = await flow.sweep((payload as { freeze_id: string }).freeze_id)
    return more ? { again_at: parts.clock.now(), because: 'there is more to see to' } : undefined
  }
  const callback: Handler = async (payload) =>
    tryCallback(parts, (payload as { callback_id: string }).callback_id)
  return {
    card: { run: cards.show, slots: 8, longest_wait_ms: 2 * minute },
    line: { run: lines.tell, slots: 4, longest_wait_ms: 2 * minute },
    direct: { run: lines.tellDirectly, slots: 2, longest_wait_ms: 10 * minute },
    home: { run: parts.homes.show, slots: 4, longest_wait_ms: 2 * minute },
    timer: { run: timer, slots: 8, longest_wait_ms: minute },
    auditor: { run: auditor, slots: 1, longest_wait_ms: minute },
    sweep: { run: sweep, slots: 1, longest_wait_ms: minute },
    announce: { run: parts.announcements.make, slots: 1, longest_wait_ms: 2 * minute },
    proposal: { run: parts.proposals.show, slots: 1, longest_wait_ms: 2 * minute },
    checkpoint: { run: parts.checkpoints.show, slots: 1, longest_wait_ms: 10 * minute },
    // What fails is found by the next pass: it must not stay unsealed for long.
    seal: { run: parts.sealing.seal, slots: 1, longest_wait_ms: minute / 6 },
    flood: { run: parts.floods.show, slots: 2, longest_wait_ms: 2 * minute },
    figures: { run: parts.figures.send, slots: 2, longest_wait_ms: 2 * minute },
    fold: { run: parts.folding.fold, slots: 1, longest_wait_ms: minute },
    disabled: { run: disabled, slots: 1, longest_wait_ms: minute },
    // Most of them wait for agents' servers: of one that hangs, at most a few places (see `lanes`).
    callback: { run: callback, slots: 64, longest_wait_ms: 5 * minute },
  }
}

const minute = 60_000
