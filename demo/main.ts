import { findAgent, type Agent } from './agents.ts'
import { createClient, type Approval, type Outcome } from './client.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { scenes, type Scene } from './scenes.ts'

// Three agents ask for realistic things, wait, and print what they were told. Countersign must be running (npm start).

const url = process.env.PUBLIC_URL || `http://127.0.0.1:${process.env.PORT || 3000}`
const data_dir = process.env.DATA_DIR || '.data'

/** Nobody may be at the screen: after this the demo says what is still open, and ends. */
const patienceMs = 10 * 60_000

/** How long a callback may take once the decision is known. */
const callbackMs = 60_000

/** In the sandbox's workspace, Dave is in no role, so that everybody else may approve. */
const owner = 'U_DAVE'

const client = createClient(url)

await run().catch(refuse)

async function run(): Promise<void> {
  if (!(await isThere('/readyz')))
    throw new Error(`Countersign does not answer at ${url}. Run npm start first, in another terminal.`)
  if (!(await isThere('/sandbox/state')))
    throw new Error(`There is no sandbox at ${url}: the demo's people and channels are only there.`)
  const agents = new Map<string, Agent>()
  for (const { agent } of scenes)
    if (!agents.has(agent)) agents.set(agent, await findAgent(agent, owner, data_dir))
  const receiver = await openReceiver([...agents.values()], async (agent, { id, question }) => {
    if (!question) return
    const text = 'This is a demo: all that I know stands in my request.'
    await client.answer(agent, { id }, question.id, text)
    console.log(`${agent.name.padEnd(14)} answers   ${question.by.name}, who asked: ${question.text}`)
  })

  console.log(`\nThree agents at work. Their cards are in ${url}/sandbox`)
  const over = AbortSignal.timeout(patienceMs)
  const open: Promise<void>[] = []
  for (const scene of scenes) {
    const agent = agents.get(scene.agent)
    if (!agent) throw new Error(`there is no agent ${scene.agent}`)
    const asked = await ask(scene, agent, receiver)
    const told = tell(scene, agent, asked, receiver, over)
    // What the policy decides by itself is told at once; for people, the others do not wait.
    if (asked.status === 'pending') open.push(told)
    else await told
  }
  console.log('')
  await Promise.all(open)
  receiver.close()
}

async function ask(scene: Scene, agent: Agent, receiver: Receiver): Promise<Approval> {
  console.log('')
  line(scene, 'asks', scene.body.action.summary)
  const asked = await client.ask(agent, { ...scene.body, callback: { url: receiver.urlOf(agent) } })
  if (asked.status === 'pending') line(scene, 'waits', scene.hint ?? 'for somebody')
  return asked
}

async function tell(scene: Scene, agent: Agent, asked: Approval, receiver: Receiver, over: AbortSignal) {
  const decided = await client.untilDecided(agent, asked, over)
  if (decided.status === 'pending')
    return line(scene, 'waits', `still, and the demo ends: ${scene.body.action.summary}`)
  line(scene, 'is told', `${decided.status}${deciders(decided)}`)
  const callback = await receiver.callbackOf(asked.id, AbortSignal.timeout(callbackMs))
  line(scene, 'callback', callback ? `${callback.type}, signature verified` : 'did not come')
  if (decided.status === 'approved' && scene.outcome) await act(scene, agent, decided, scene.outcome)
}

/** What an agent does with a yes: it asks for leave with the permit, acts (here it only says so), and reports. */
async function act(scene: Scene, agent: Agent, approved: Approval, outcome: Outcome) {
  await client.consume(agent, approved)
  line(scene, 'acts', `${approved.effective_action?.tool}, with its permit, which is used now`)
  await client.report(agent, approved, outcome)
  line(scene, 'reports', outcome.status)
}

function line({ agent }: Scene, what: string, words: string): void {
  console.log(`${agent.padEnd(14)} ${what.padEnd(9)} ${words}`)
}

/** Who decided, and why if they said so. */
function deciders({ status, stages, decision }: Approval): string {
  if (decision === null) return ''
  const { by, reason } = decision
  const approvers = stages.flatMap(({ votes }) => votes.filter(({ vote }) => vote === 'approve'))
  const names =
    status === 'approved' && by.type === 'human' ? approvers.map((vote) => vote.by.name) : [by.name]
  const who = by.type === 'policy' ? `the policy, rule ${by.rule ?? 'defaults'}` : names.join(' and ')
  return `${by.type === 'timeout' ? '' : ` by ${who}`}${reason === null ? '' : `: ${reason}`}`
}

async function isThere(path: string): Promise<boolean> {
  return fetch(url + path).then(
    (response) => response.ok,
    () => false,
  )
}

function refuse(why: unknown): never {
  console.error(why instanceof Error ? why.message : why)
  process.exit(1)
}
