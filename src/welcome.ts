import type { RunningApp } from './app.ts'
import { demoHooks, demoKey } from './demo-agent.ts'

/** What a newcomer to the sandbox sees: where it is, a key, and a request to paste. */
export async function welcome({ url, ground }: Pick<RunningApp, 'url' | 'ground'>): Promise<string> {
  const key = await demoKey(ground)
  const hooks = demoHooks(url)
  const body = JSON.stringify({
    action: {
      tool: 'stripe.refund',
      arguments: { charge: 'ch_1881', amount: 240, currency: 'USD' },
      summary: 'Refund $240 to order 1881',
      justification: 'The customer was charged twice',
    },
    subject: { type: 'order', id: '1881' },
    ...(hooks === null ? {} : { callback: { url: hooks } }),
  })
  return `
Countersign runs, with a sandbox in place of Slack.

  1. Open the workspace     ${url}/sandbox
  2. Ask for something, as an agent would:

curl -s ${url}/v1/approvals \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '${body}'

  3. In the workspace, be Bob, look into #finance-approvals, and click.
     What the agent is told then stands here.

More agents: npm run demo     Stop: Ctrl-C
`
}
