import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningApp } from './app.ts'

/** The agent that a newcomer tries the sandbox with. Its owner is in no role, so that everybody else may approve. */
const demo = { name: 'demo-agent', owner: 'U_DAVE', environment: 'production' }

/** What a newcomer to the sandbox sees: where it is, a key, and a request to paste. */
export async function welcome({ url, ground }: Pick<RunningApp, 'url' | 'ground'>): Promise<string> {
  const key = await demoKey(ground)
  const body = JSON.stringify({
    action: {
      tool: 'stripe.refund',
      arguments: { charge: 'ch_1881', amount: 240, currency: 'USD' },
      summary: 'Refund $240 to order 1881',
      justification: 'The customer was charged twice',
    },
    subject: { type: 'order', id: '1881' },
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

More agents: npm run demo     Stop: Ctrl-C
`
}

/**
 * Keys are kept as hashes, so that this one is written down beside the sandbox's data: it opens nothing but a sandbox.
 */
async function demoKey({ admin, data_dir }: RunningApp['ground']): Promise<string> {
  const path = join(data_dir, 'demo-agent.json')
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return (JSON.parse(kept) as { api_key: string }).api_key
  const added = await admin.addAgent(demo, { type: 'countersign' })
  if ('refused' in added) return '<the key of an agent>'
  await writeFile(path, JSON.stringify(added), { mode: 0o600 })
  return added.api_key
}
