import type { WebClient } from '@slack/web-api'
import type { Expectations } from '../../admin/doctor.ts'
import { fail, ok, type Check } from '../../platform/check.ts'
import { refusalOf, whyFailed } from './refusal.ts'

/** For every role: its channel is there, open, and has the bot in it. */
export async function examineChannels(client: WebClient, roles: Expectations['roles']): Promise<Check[]> {
  return Promise.all(roles.map(({ name, channel }) => channelCheck(client, `channel of ${name}`, channel)))
}

async function channelCheck(client: WebClient, check: string, id: string): Promise<Check> {
  try {
    const { channel } = await client.conversations.info({ channel: id })
    const name = `#${channel?.name ?? id} (${id})`
    if (channel?.is_archived)
      return fail(
        check,
        `${name} is archived`,
        'Unarchive it, or give the role another channel in the policy.',
      )
    if (!channel?.is_member)
      return fail(check, `the bot is not in ${name}`, 'Write /invite @countersign in that channel.')
    return ok(check, name)
  } catch (error) {
    const [detail, remedy] =
      refusalOf(error) === 'channel_not_found'
        ? [
            `${id} is not there, or is private and the bot is not in it`,
            'Invite the bot where it is private; else correct the id in the policy (at the foot of a channel’s details).',
          ]
        : [`${id} could not be read: ${whyFailed(error)}`, null]
    return fail(check, detail, remedy)
  }
}
