import type { Approval } from './approval.ts'

/** Nobody is asked in particular any more, and nobody is on it: what is asked, or of whom, is another thing now, or all is over. */
export function unattended(approval: Approval): Approval {
  if (approval.assigned === null && approval.on_it === null) return approval
  return { ...approval, assigned: null, on_it: null }
}

/** Somebody has answered: what was awaited of them in particular is done. */
export function answeredBy(approval: Approval, slack_user_id: string): Approval {
  const { assigned, on_it } = approval
  const done = assigned?.to.slack_user_id === slack_user_id
  const left = on_it?.by.slack_user_id === slack_user_id
  if (!done && !left) return approval
  return { ...approval, assigned: done ? null : assigned, on_it: left ? null : on_it }
}
