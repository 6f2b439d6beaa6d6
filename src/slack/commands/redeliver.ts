import { redeliveryWords } from '../../admin/redeliver.ts'
import { say, typedBy, type Command } from './command.ts'

export const redeliver: Command = {
  usage: 'ID [--all]',
  about: 'sends the callbacks of one request again that were given up; with --all, the delivered ones too',
  admins_only: true,
  most: 1,
  flags: ['all'],
  async run(parts, asked) {
    const [id] = asked.words
    if (id === undefined) return say('Say which: /countersign redeliver apr_…')
    const which = asked.values.all === undefined ? 'failed' : 'all'
    const redelivery = await parts.admin.redeliver(id, which, await typedBy(parts, asked))
    return say('refused' in redelivery ? `${redelivery.refused}.` : redeliveryWords(redelivery))
  },
}
