import { examineGround } from './admin/doctor.ts'
import { allowedHosts } from './callback/index.ts'
import { fail, inOneLine, ok, warn, type Check } from './platform/check.ts'
import { systemClock } from './platform/clock.ts'
import { isLoopback, readConfig, type Config } from './platform/config.ts'
import { openLog } from './quiet-log.ts'
import { version } from './platform/version.ts'
import { examineSlack } from './slack/doctor.ts'
import { eventsPath } from './slack/index.ts'

/**
 * Looks at everything that the app needs, each part on its own, so that what is broken hides nothing else. Never
 * throws, and changes nothing.
 *
 * @param env the environment to read the configuration from; this process's where left out
 */
export async function examine(env?: NodeJS.ProcessEnv): Promise<Check[]> {
  const read = readConfig(env)
  if ('faults' in read)
    return [
      ...read.faults.map((fault) => fail('configuration', fault)),
      warn('everything else', 'was not looked at: the app does not start with this configuration'),
    ]
  const { config } = read
  const log = openLog('silent')
  const { checks, expectations, database_ahead_ms } = await examineGround(config, log)
  const clock = systemClock()
  // What Slack signs is judged by the database's time, so that is what Slack's is compared with.
  clock.correct(database_ahead_ms ?? 0)
  return [
    ok('configuration', `countersign ${version}, to listen on ${config.host}:${config.port}`),
    callbackCheck(config),
    ...checks,
    ...(config.slack
      ? [
          ...receptionChecks(config),
          ...(await examineSlack({
            settings: config.slack,
            expected: expectations,
            checkpoint_channel: config.checkpoints.channel,
            clock,
            log,
          })),
        ]
      : sandboxChecks(config)),
  ]
}

function callbackCheck({ callback_allowed_hosts, slack }: Config): Check {
  const check = 'CALLBACK_ALLOWED_HOSTS'
  try {
    const hosts = [...allowedHosts(callback_allowed_hosts)]
    return ok(
      check,
      hosts.length === 0
        ? `is not set: callbacks go to public https addresses${slack ? ' only' : ', and in the sandbox to loopback'}`
        : `may be private or plain http: ${hosts.join(', ')}`,
    )
  } catch (error) {
    return fail(check, inOneLine(error), 'Name hosts only, with commas between them.')
  }
}

/** Only over HTTP: in Socket Mode, Slack calls nobody. */
function receptionChecks({ slack, public_url }: Config): Check[] {
  if (!slack || slack.app_token !== undefined) return []
  const check = 'PUBLIC_URL'
  const remedy =
    'Set it to the https address under which this app is reached from outside, or use Socket Mode (SLACK_APP_TOKEN).'
  const url = new URL(public_url)
  if (url.protocol !== 'https:' || isLoopback(url.hostname))
    return [warn(check, `${public_url} is not an https address that Slack could call`, remedy)]
  return [
    ok(
      check,
      `${new URL(eventsPath, url).href} must be the request URL in the app’s settings, in both places`,
    ),
  ]
}

function sandboxChecks({ host, database_url }: Config): Check[] {
  const checks = [
    ok(
      'Slack',
      'is the sandbox, as no SLACK_BOT_TOKEN is set. It lives in the running app: its channels, people and scopes were not looked at',
    ),
  ]
  if (!isLoopback(host) || database_url !== null)
    checks.push(
      warn(
        'SANDBOX',
        'the sandbox lets everybody be anybody, and here others may reach it or its decisions',
        'Set the Slack variables before anything real is approved here.',
      ),
    )
  return checks
}
