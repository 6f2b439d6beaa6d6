import { LogLevel, WebClient } from '@slack/web-api'
import { slackFailure } from '../../src/slack/failures.ts'

// Posts to the address that it is given, and prints what its failure is taken for. In a process of its own, because the SDK
// does not know an error of Node's own in Jest's realm.

const client = new WebClient('xoxb-nobody', {
  slackApiUrl: process.argv[2] ?? '',
  retryConfig: { retries: 0 },
  logLevel: LogLevel.ERROR,
})
const failure = await client.chat.postMessage({ channel: 'C1', text: 'Anybody there?' }).then(
  () => null,
  (error: unknown) => slackFailure(error),
)
process.stdout.write(JSON.stringify(failure))
