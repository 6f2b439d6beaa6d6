import { WebClient, type WebClientOptions } from '@slack/web-api'
import { fail, ok, warn, type Check } from '../../platform/check.ts'
import type { Clock } from '../../platform/clock.ts'
import { neededScopes } from '../scopes.ts'
import { toleranceMs } from '../signature.ts'
import { refusalOf, whyFailed } from './refusal.ts'

const token = 'Slack token'
const scopes = 'Slack scopes'
const clockName = 'clock: Slack'

/** Half of what is tolerated leaves time to mend it. */
const noticedMs = toleranceMs / 10

/** What the bot token is, what it may do, and what time Slack has. `team_id` is null where the token is no use. */
export async function examineToken(
  bot_token: string,
  options: WebClientOptions,
  clock: Clock,
): Promise<{ checks: Check[]; team_id: string | null }> {
  let ahead_ms: number | null = null
  const client = new WebClient(bot_token, {
    ...options,
    // The SDK keeps an answer's body only, and its time is in a header.
    async fetch(url, init) {
      const asked = clock.now().getTime()
      const answer = await fetch(url, init)
      ahead_ms = aheadOf(answer.headers.get('date'), (asked + clock.now().getTime()) / 2)
      return answer
    },
  })
  try {
    const { team, team_id, user, url, response_metadata } = await client.auth.test()
    const identity = ok(token, `@${user} in ${team} (${team_id}, ${url})`)
    const checks = [identity, ...scopeChecks(response_metadata?.scopes), clockCheck(ahead_ms)]
    return { checks, team_id: team_id ?? null }
  } catch (error) {
    const remedy = refusalOf(error)
      ? 'Copy the Bot User OAuth Token from OAuth & Permissions of the app’s settings into SLACK_BOT_TOKEN; install the app again where there is none.'
      : 'See that this machine can reach Slack: network, proxy, SLACK_API_URL.'
    return { checks: [fail(token, whyFailed(error), remedy)], team_id: null }
  }
}

/** Whether Slack would let the app connect in Socket Mode. The address that it gives is not used, and expires. */
export async function examineSocket(client: WebClient): Promise<Check> {
  const check = 'Slack app token'
  try {
    await client.apps.connections.open()
    return ok(check, 'Socket Mode can connect')
  } catch (error) {
    return fail(
      check,
      whyFailed(error),
      'Switch Socket Mode on in the app’s settings, and set SLACK_APP_TOKEN to an app-level token with connections:write.',
    )
  }
}

function scopeChecks(granted: string[] | undefined): Check[] {
  if (!granted) return [warn(scopes, 'Slack did not say which scopes the token has')]
  const missing = Object.entries(neededScopes).filter(([scope]) => !granted.includes(scope))
  const superfluous = granted.filter((scope) => !Object.hasOwn(neededScopes, scope))
  const checks = missing.map(([scope, purpose]) =>
    fail(
      scopes,
      `${scope} is missing (${purpose})`,
      'Add it under OAuth & Permissions as in manifest.yml, and install the app again.',
    ),
  )
  if (superfluous.length > 0)
    checks.push(
      warn(
        scopes,
        `more than is needed: ${superfluous.join(', ')}`,
        'Take them out under OAuth & Permissions. A token keeps a scope until the app is removed and installed anew.',
      ),
    )
  return checks.length > 0 ? checks : [ok(scopes, `all ${granted.length} that are needed, and no others`)]
}

/** HTTP's dates are whole seconds, cut off. */
function aheadOf(date: string | null, now_ms: number): number | null {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? null : at + 500 - now_ms
}

function clockCheck(ahead_ms: number | null): Check {
  if (ahead_ms === null) return warn(clockName, 'Slack did not say what time it is')
  const off = Math.abs(ahead_ms)
  if (off < noticedMs) return ok(clockName, 'agrees with ours to a few seconds')
  const detail = `${Math.round(off / 1_000)} s ${ahead_ms > 0 ? 'ahead of' : 'behind'} ours`
  const remedy = 'Let NTP set the clock of the database’s machine, which the app goes by.'
  return off < toleranceMs
    ? warn(clockName, detail, remedy)
    : fail(clockName, `${detail}: every click over HTTP is refused as a replay`, remedy)
}
