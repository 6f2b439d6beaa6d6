import { findAgent, type Agent } from './agents.ts'
import { openReceiver } from './receiver.ts'
import { scenes, type Scene } from './scenes.ts'

// Three agents ask for realistic things, wait, and print what they were told. Countersign must be running (npm start).

const url = process.env.PUBLIC_URL || `http://127.0.0.1:${process.env.PORT || 3000}`
const data_dir = process.env.DATA_DIR || '.data'
/** Nobody may be at the screen: after this the demo says what is still open and ends. */
const patienceMs = 10 * 60_000

type Approval = {
  id: string
  status: string
  decision: { by: { type: string; name?: string; rule?: string }; reason: string | null } | null
}

if (
  !(await fetch(`${url}/readyz`).then(
    (r) => r.ok,
    () => false,
  ))
) {
  console.error(`Countersign does not answer at ${url}. Run npm start first, in another terminal.`)
  process.exit(1)
}
const names = [...new Set(scenes.map((scene) => scene.agent))]
const agents: Agent[] = []
for (const name of names) agents.push(await findAgent(name, 'U_DAVE', data_dir))

const callbacks = new Map<string, () => void>()
const receiver = await openReceiver(agents, (agent, { type, data }) => {
  console.log(`  ✔ ${agent.name} got the callback ${type}, and its signature is good`)
  callbacks.get(data.id)?.()
})
console.log(`\nThe workspace is at ${url}/sandbox\n`)
const over = AbortSignal.timeout(patienceMs)
await Promise.all(scenes.map(play))
receiver.close()

async function play(scene: Scene) {
  const agent = agents.find(({ name }) => name === scene.agent)!
  const asked = await call<Approval>(agent, 'POST', '/v1/approvals', {
    ...scene.body,
    callback: { url: receiver.urlOf(agent) },
  })
  const called = new Promise<void>((resolve) => callbacks.set(asked.id, resolve))
  console.log(`→ ${agent.name} asks: ${scene.body.action.summary}\n  ${asked.status}; ${scene.hint}`)
  const decided = await wait(agent, asked)
  if (!decided) return console.log(`… ${scene.body.action.summary}: nobody decided yet`)
  console.log(`← ${scene.body.action.summary}: ${decided.status.toUpperCase()} ${by(decided)}`)
  await called
}

async function wait(agent: Agent, asked: Approval): Promise<Approval | null> {
  let seen = asked
  while (seen.status === 'pending') {
    if (over.aborted) return null
    seen = await call<Approval>(agent, 'GET', `/v1/approvals/${asked.id}?wait=30`)
  }
  return seen
}

function by({ decision }: Approval): string {
  const who =
    decision?.by.type === 'policy'
      ? `by the policy, rule ${decision.by.rule ?? 'defaults'}`
      : `by ${decision?.by.name ?? decision?.by.type}`
  return decision?.reason ? `${who}: ${decision.reason}` : who
}

async function call<T>(agent: Agent, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${agent.api_key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok)
    throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
