import { listenSandbox, type Call, type Complaint, type Message } from '../../src/sandbox/index.ts'
import { now, pause } from '../time.ts'
import { createHands } from './hands.ts'
import type { Answer, Ask, FinalCard, FromSlack, Seen, SlackArgument, ToSlack } from './slack-messages.ts'
import type { Deed } from './slack-messages.ts'
import { workspace } from './workspace.ts'

// The strict sandbox as Slack, in a process of its own. It tells of every card that was posted, does what people do, and
// keeps what the app did wrong.

const { app_url, ...options } = JSON.parse(process.argv[2] ?? '{}') as SlackArgument
const { sandbox, api_url, close } = await listenSandbox({
  port: 0,
  workspace,
  app_url: () => app_url,
  ...options,
})
const hands = createHands(sandbox)
const say = (message: FromSlack) => void process.send?.(message)

/** A form comes within the 3 s for which its trigger is good, or never. */
const formMs = 3_500

const told: Record<string, number[]> = {}
const calls: Record<string, number> = {}
const complaints: Complaint[] = []
const known = new WeakSet<Call | Complaint>()

/** Follows the log of calls, which forgets what is old. */
function followCalls() {
  const all = sandbox.calls()
  const seen = all.findLastIndex((call) => known.has(call))
  for (const call of all.slice(seen + 1)) {
    known.add(call)
    calls[call.method] = (calls[call.method] ?? 0) + 1
    const { method, args, answer } = call
    if (answer?.['ok'] !== true) continue
    const user = String(args['user'])
    if (method === 'chat.postEphemeral') told[user] = [...(told[user] ?? []), call.at.getTime()]
    if (method !== 'chat.postMessage') continue
    const message = sandbox.message(String(answer['channel']), String(answer['ts']))
    const card = message && cardOf(message)
    if (card) say({ posted: card })
  }
}

function followComplaints() {
  for (const complaint of sandbox.snapshot().complaints) {
    if (known.has(complaint)) continue
    known.add(complaint)
    complaints.push(complaint)
  }
}

function cardOf({ metadata, channel, ts }: Message) {
  const { approval_id, stage } = metadata?.event_payload ?? {}
  const ours = metadata?.event_type === 'countersign_approval'
  return ours && typeof approval_id === 'string' && typeof stage === 'number'
    ? { approval_id, stage, channel, ts }
    : null
}

async function see(deed: Deed): Promise<Seen> {
  const before = { form: hands.formOf(deed.who)?.view_id, told: told[deed.who]?.length }
  const began = now()
  const taken = await hands.make(deed)
  const took_ms = now() - began
  const opens_form = deed.do === 'press' && deed.opens_form && taken === 'acked'
  for (let waited_ms = 0; opens_form && waited_ms < formMs; waited_ms += 25) {
    followCalls()
    const form = hands.formOf(deed.who)
    if (form?.view_id !== before.form || told[deed.who]?.length !== before.told) break
    await pause(25)
  }
  return { taken, took_ms, form: hands.formOf(deed.who) }
}

function finalCards(): FinalCard[] {
  return sandbox.snapshot().messages.flatMap((message) => {
    const card = cardOf(message)
    return card ? [{ ...card, open: message.blocks.some((block) => block.type === 'actions') }] : []
  })
}

async function answer(ask: Ask): Promise<Answer[Ask['do']]> {
  switch (ask.do) {
    case 'deed':
      return see(ask.deed)
    case 'inject':
      return { fault_id: sandbox.inject(ask.fault) }
    case 'clear':
      sandbox.clearFaults(ask.fault_id)
      return null
    case 'report':
      followCalls()
      followComplaints()
      return { cards: finalCards(), complaints, calls, told }
  }
}

process.on('message', ({ number, ask }: ToSlack) => {
  void answer(ask).then((given) => say({ number, answer: given }))
})
const ended = new AbortController()
process.on('disconnect', () => {
  ended.abort()
  void close().then(() => process.exit(0))
})
say({ api_url })
for (let round = 0; !ended.signal.aborted; round += 1) {
  followCalls()
  if (round % 20 === 0) followComplaints()
  await pause(25)
}
