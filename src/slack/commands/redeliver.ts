import { redeliveryWords } from '../../admin/redeliver.ts'
import { say, type Command } from './command.ts'

export const redeliver: Command = {
  usage: 'ID',
  about: 'sends the callbacks of one request again that were given up',
  admins_only: true,
  async run({ admin, workspace }, { visitor, words: [id] }) {
    if (id === undefined) return say('Say which: /countersign redeliver apr_…')
    const by = { type: 'human' as const, ...(await workspace.person(visitor.slack_user_id)) }
    const redelivery = await admin.redeliver(id, 'failed', by)
    return say('refused' in redelivery ? `${redelivery.refused}.` : redeliveryWords(redelivery))
  },
}
