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
    const found = await channelOf(client, id, set_in)
    return 'detail' in found ? fail(check, found.detail, found.remedy) : ok(check, found.name)
  } catch (error) {
    return fail(check, `${id} could not be read: ${whyFailed(error)}`)
  }
}

/** What is the matter with a channel; null where nothing is. Throws where Slack does not say. */
export async function channelTrouble(client: WebClient, id: string): Promise<{ detail: string } | null> {
  const found = await channelOf(client, id, 'the policy')
  return 'detail' in found ? found : null
}

async function channelOf(
  client: WebClient,
  id: string,
  set_in: string,
): Promise<{ name: string } | { detail: string; remedy: string }> {
  try {
    const { channel } = await client.conversations.info({ channel: id })
    const name = `#${channel?.name ?? id} (${id})`
    if (channel?.is_archived)
      return {
        detail: `${name} is archived`,
        remedy: `Unarchive it, or name another channel in ${set_in}.`,
      }
    if (!channel?.is_member)
      return {
        detail: `the bot is not in ${name}`,
        remedy: 'Write /invite @countersign in that channel.',
      }
    return { name }
  } catch (error) {
    if (refusalOf(error) !== 'channel_not_found') throw error
    return {
      detail: `${id} is not there, or is private and the bot is not in it`,
      remedy: `Invite the bot where it is private; else correct the id in ${set_in} (at the foot of a channel’s details).`,
    }
  }
}
