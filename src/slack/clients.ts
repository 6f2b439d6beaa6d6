import { WebClient, type Logger as SlackLogger } from '@slack/web-api'
import type { Logger } from 'pino'

export type SlackAddress = { bot_token: string; api_url: string | undefined }

/**
 * Two clients, so that a person who clicked never waits behind posts: each has its own queue, and neither retries by
 * itself. Retries are the job table's, and a person's trigger is gone after 3 s.
 */
export function createClients(
  { bot_token, api_url }: SlackAddress,
  log: Logger,
): { interactive: WebClient; posting: WebClient } {
  const client = (timeout: number) =>
    new WebClient(bot_token, {
      ...(api_url === undefined ? {} : { slackApiUrl: api_url }),
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: slackLogger(log),
    })
  return { interactive: client(2_500), posting: client(10_000) }
}

/** The SDK's log lines in ours, one level down: what failed is reported where it is handled. */
export function slackLogger(log: Logger): SlackLogger {
  const write =
    (level: 'trace' | 'debug' | 'info' | 'warn') =>
    (...words: unknown[]) =>
      log[level](words.map(String).join(' '))
  return {
    debug: write('trace'),
    info: write('debug'),
    warn: write('info'),
    error: write('warn'),
    setLevel: () => undefined,
    getLevel: () => 'info' as never,
    setName: () => undefined,
  }
}
