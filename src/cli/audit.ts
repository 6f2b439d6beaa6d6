import { refused, type Command } from './command.ts'

export const auditShow: Command = {
  usage: 'audit APPROVAL_ID',
  about: 'the whole story of one approval',
  options: [],
  words: { least: 1, most: 1 },
  async run({ audit }, { words: [id = ''] }) {
    const events = await audit.printed(id)
    if (events.length === 0) return refused(`There is no approval ${id}.`)
    return { ok: true, lines: await audit.story(id), json: events }
  },
}
