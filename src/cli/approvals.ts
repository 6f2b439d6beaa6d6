import { refused, type Command } from './command.ts'

/** How many are listed; a longer list nobody reads. */
const listed = 100

export const pending: Command = {
  usage: 'pending',
  about: 'what waits for a decision, the nearest deadline first',
  options: [],
  words: { least: 0, most: 0 },
  async run({ admin }) {
    const { approvals, lines, count } = await admin.pending(listed)
    const more = count - lines.length
    return {
      ok: true,
      lines:
        count === 0
          ? ['Nothing is waiting for a decision.']
          : [...lines, ...(more > 0 ? [`… and ${more} more`] : [])],
      json: { approvals, count },
    }
  },
}

export const show: Command = {
  usage: 'show APPROVAL_ID',
  about: 'one approval, with its votes and how it ended',
  options: [],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [id = ''] }) {
    const shown = await admin.showApproval(id)
    if ('refused' in shown) return refused(shown.refused)
    return { ok: true, lines: shown.lines, json: shown.approval }
  },
}
