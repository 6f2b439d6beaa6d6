/**
 * What a button carries: which card it was on. It carries no authority; who may do what is decided at the click.
 */
export type Ticket = { approval_id: string; stage: number; revision: number }

export function writeTicket(ticket: Ticket): string {
  return JSON.stringify(ticket)
}

/** Null where the text is not a ticket of ours. */
export function readTicket(text: string | undefined): Ticket | null {
  if (text === undefined) return null
  try {
    const value = JSON.parse(text) as Partial<Ticket> | null
    if (typeof value?.approval_id !== 'string' || !/^apr_[a-z0-9]{26}$/.test(value.approval_id)) return null
    if (!Number.isInteger(value.stage) || !Number.isInteger(value.revision)) return null
    return { approval_id: value.approval_id, stage: value.stage!, revision: value.revision! }
  } catch {
    return null
  }
}
