import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { raw, Router, type Request } from 'express'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import type { Ground } from './ground.ts'
import { isLoopback } from './platform/config.ts'
import { replaceWhole } from './platform/whole-file.ts'

/** The agent that a newcomer tries the sandbox with. Its owner is in no role, so that everybody else may approve. */
const demo = { name: 'demo-agent', owner: 'U_DAVE', environment: 'production' }

const kept = z.object({ name: z.string(), api_key: z.string(), callback_secret: z.string() })

type Kept = z.infer<typeof kept>

/** Where the demo agent takes its callbacks. */
const hooksPath = '/demo-agent/hooks'

/**
 * The demo agent's key. Keys are kept as hashes, so that this one is written down beside the sandbox's data: it opens
 * nothing but a sandbox. Where what was written down is lost, or opens nothing any more, another demo agent is made.
 */
export async function demoKey({ admin, flow, data_dir }: Ground): Promise<string> {
  const known = await read(data_dir)
  const opens = known === null ? null : await flow.agents.authenticate(known.api_key)
  if (known !== null && opens !== null && !opens.disabled) return known.api_key
  // With a database of its own, nothing else has made the folder.
  await mkdir(data_dir, { recursive: true })
  const taken = new Set((await admin.agents()).map(({ name }) => name))
  const added = await admin.addAgent({ ...demo, name: freeName(taken) }, { type: 'countersign' })
  if ('refused' in added) throw new Error(`there is no demo agent: ${added.refused}`)
  await replaceWhole(fileIn(data_dir), JSON.stringify(added))
  return added.api_key
}

/**
 * Where the demo agent is called back, given the app's own address; null where the app listens on an address that callbacks
 * may not go to.
 */
export function demoHooks(url: string): string | null {
  const { hostname, port } = new URL(url)
  // Who listens everywhere listens on loopback as well.
  const host = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }[hostname] ?? hostname
  return isLoopback(host.replace(/^\[(.*)\]$/, '$1')) ? `http://${host}:${port}${hooksPath}` : null
}

/**
 * The demo agent's own server, which says on the terminal what the agent is told and answers questions, once an independent library has found
 * its signature good. For a newcomer the first request ends there.
 *
 * @param say gets one line for each callback
 */
export function demoServer(
  { data_dir, flow }: Pick<Ground, 'data_dir' | 'flow'>,
  say: (line: string) => void = console.log,
): Router {
  return Router().post(hooksPath, raw({ type: () => true, limit: '1mb' }), async (req, res) => {
    const known = await read(data_dir)
    const told = known && verified(known, req)
    if (!told) return void res.status(401).type('text/plain').send('not signed for the demo agent')
    say(`${known.name} was told: ${told.type} of ${told.data.id}, signature verified`)
    const { id, question } = told.data
    const agent = question && (await flow.agents.authenticate(known.api_key))
    // It may be told twice, and answers the same.
    if (agent) await flow.agents.answer(agent, id, { question_id: question.id, text: knowsNothing })
    res.status(204).end()
  })
}

/** What it answers whatever it is asked. */
const knowsNothing =
  'I am a demo agent, and all that I know stands in my request. A real one would answer with POST /v1/approvals/{id}/answers.'

const callback = z.object({
  type: z.string().regex(/^[a-z_.]{1,50}$/),
  data: z.object({
    id: z.string().regex(/^apr_[0-9a-z]{1,64}$/),
    question: z.object({ id: z.string() }).optional(),
  }),
})

/** Null where the signature is not good. */
function verified({ callback_secret }: Kept, { body, headers }: Request): z.infer<typeof callback> | null {
  try {
    const text = Buffer.isBuffer(body) ? body.toString('utf8') : ''
    return callback.parse(new Webhook(callback_secret).verify(text, headers as Record<string, string>))
  } catch {
    return null
  }
}

const fileIn = (data_dir: string) => join(data_dir, 'demo-agent.json')

/** Null where there is no such file, or not all of it. */
async function read(data_dir: string): Promise<Kept | null> {
  try {
    return kept.parse(JSON.parse(await readFile(fileIn(data_dir), 'utf8')))
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
