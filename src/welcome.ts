import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunningApp } from './app.ts'
import { replaceWhole } from './platform/whole-file.ts'

/** The agent that a newcomer tries the sandbox with. Its owner is in no role, so that everybody else may approve. */
const demo = { name: 'demo-agent', owner: 'U_DAVE', environment: 'production' }

const written = z.object({ api_key: z.string() })

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
 * Where what was written down is lost, or opens nothing any more, another demo agent is made.
 */
async function demoKey({ admin, flow, data_dir }: RunningApp['ground']): Promise<string> {
  const path = join(data_dir, 'demo-agent.json')
  const kept = keyIn(await readFile(path, 'utf8').catch(() => ''))
  const known = kept === null ? null : await flow.agents.authenticate(kept)
  if (kept !== null && known !== null && !known.disabled) return kept
  const taken = new Set((await admin.agents()).map(({ name }) => name))
  const added = await admin.addAgent({ ...demo, name: freeName(taken) }, { type: 'countersign' })
  if ('refused' in added) throw new Error(`there is no demo agent: ${added.refused}`)
  await replaceWhole(path, JSON.stringify(added))
  return added.api_key
}

/** The key in the text of the file; null where it is not such a file, or not all of it. */
function keyIn(text: string): string | null {
  try {
    return written.parse(JSON.parse(text)).api_key
  } catch {
    return null
  }
}

/** `demo-agent`, or with the first number, from 2 on, that makes it another. */
function freeName(taken: ReadonlySet<string>): string {
  let name = demo.name
  for (let number = 2; taken.has(name); number++) name = `${demo.name}-${number}`
  return name
}
