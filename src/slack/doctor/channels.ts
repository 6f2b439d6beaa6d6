import type { WebClient } from '@slack/web-api'
import type { Expectations } from '../../admin/doctor.ts'
import { fail, ok, type Check } from '../../platform/check.ts'
import { refusalOf, whyFailed } from './refusal.ts'

/** For every role, and for the log's checkpoints: its channel is there, open, and has the bot in it. */
export async function examineChannels(
  client: WebClient,
  roles: Expectations['roles'],
  checkpoint_channel: string | null,
): Promise<Check[]> {
  const ofRoles = roles.map(({ name, channel }) => ({
    check: `channel of ${name}`,
    id: channel,
    set_in: 'the policy',
  }))
  const ofLog =
    checkpoint_channel === null
      ? []
      : [{ check: 'CHECKPOINT_CHANNEL', id: checkpoint_channel, set_in: 'CHECKPOINT_CHANNEL' }]
  return Promise.all([...ofRoles, ...ofLog].map((wanted) => channelCheck(client, wanted)))
}

/** `set_in` is where the channel is named. */
async function channelCheck(
  client: WebClient,
  { check, id, set_in }: { check: string; id: string; set_in: string },
): Promise<Check> {
  try {
    const { channel } = await client.conversations.info({ channel: id })
    const name = `#${channel?.name ?? id} (${id})`
    if (channel?.is_archived)
      return fail(check, `${name} is archived`, `Unarchive it, or name another channel in ${set_in}.`)
    if (!channel?.is_member)
      return fail(check, `the bot is not in ${name}`, 'Write /invite @countersign in that channel.')
    return ok(check, name)
  } catch (error) {
    const [detail, remedy] =
      refusalOf(error) === 'channel_not_found'
        ? [
            `${id} is not there, or is private and the bot is not in it`,
            `Invite the bot where it is private; else correct the id in ${set_in} (at the foot of a channel’s details).`,
          ]
        : [`${id} could not be read: ${whyFailed(error)}`, null]
    return fail(check, detail, remedy)
  }
}
