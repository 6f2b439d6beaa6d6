import { redeliveryWords } from '../admin/redeliver.ts'
import { refused, type Command } from './command.ts'

export const redeliver: Command = {
  usage: 'redeliver APPROVAL_ID [--all]',
  about: 'sends the callbacks of one approval again that were given up; with --all, the delivered ones too',
  options: [],
  flags: ['all'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [approval_id = ''], values: { all } }) {
    const redelivery = await admin.redeliver(approval_id, all ? 'all' : 'failed', { type: 'operator' })
    if ('refused' in redelivery) return refused(redelivery.refused)
    return { ok: true, lines: [redeliveryWords(redelivery)], json: { approval_id, ...redelivery } }
  },
}
