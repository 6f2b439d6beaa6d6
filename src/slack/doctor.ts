import { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Expectations } from '../admin/doctor.ts'
import { ok, warn, type Check } from '../platform/check.ts'
import type { Clock } from '../platform/clock.ts'
import { slackLogger } from './clients.ts'
import { examineChannels } from './doctor/channels.ts'
import { examineEnough } from './doctor/enough.ts'
import { examineGroups } from './doctor/groups.ts'
import { examinePeople } from './doctor/people.ts'
import { examineSocket, examineToken } from './doctor/tokens.ts'
import type { SlackSettings } from './index.ts'

/** Unlike the app, this may wait: a call is tried three times, and after a rate limit as late as Slack says. */
const patience = { timeout: 10_000, retryConfig: { retries: 2, minTimeout: 300 }, maxRequestConcurrency: 3 }

/**
 * Looks at the workspace through the app's own token: tokens and scopes, clock, and whether the roles' channels,
 * people and user groups are as the policy takes for granted. Never throws, and changes nothing.
 *
 * @param parts.clock the app's time, which signatures are judged by
 */
export async function examineSlack(parts: {
  settings: SlackSettings
  expected: Expectations
  checkpoint_channel: string | null
  clock: Clock
  log: Logger
}): Promise<Check[]> {
  const { settings, expected, checkpoint_channel, clock, log } = parts
  const options = {
    ...(settings.api_url === undefined ? {} : { slackApiUrl: settings.api_url }),
    ...patience,
    logger: slackLogger(log),
  }
  const token = await examineToken(settings.bot_token, options, clock)
  const reception =
    settings.app_token === undefined
      ? ok('Slack signing secret', 'is set; whether it is this app’s shows at the first click')
      : await examineSocket(new WebClient(settings.app_token, options))
  const checks = [...token.checks, reception]
  if (token.team_id === null)
    return [
      ...checks,
      warn('Slack workspace', 'channels, people and user groups were not looked at: that needs the token'),
    ]
  const client = new WebClient(settings.bot_token, options)
  const groups = await examineGroups(client, expected.roles)
  const people = await examinePeople(client, expected, token.team_id)
  return [
    ...checks,
    ...(await examineChannels(client, expected.roles, checkpoint_channel)),
    ...groups.checks,
    ...people.checks,
    ...examineEnough(expected, groups.users, people.cannot_vote),
  ]
}
