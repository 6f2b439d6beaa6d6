import type { HistoryEntry, HistoryQuestion, HistoryValues } from '../approval/history.ts'
import {
  evaluate,
  historyNeeded,
  type CompiledPolicy,
  type PolicyInput,
  type Ruling,
} from '../policy/index.ts'
import type { LookBack, Past } from '../store/history.ts'

/** A request as the policy is asked about it, with the id of its agent, by which its history is found. */
export type Asked = PolicyInput & { agent: { id: string } }

/**
 * What a policy says of a request at that moment, with what it asks of the past: the one way to evaluate a request. What
 * needs no history is answered without a look at the database.
 *
 * @param past `pastOf(database)` only reads, for a preview. What is decided by the ruling is decided in the transaction
 *   whose client `pastWithin(client, …)` gets: what it read holds until that is committed
 */
export async function judge(policy: CompiledPolicy, asked: Asked, now: Date, past: Past): Promise<Ruling> {
  const look = lookBack(policy, asked, now)
  return evaluate(policy, asked, now, look.reads.length === 0 ? look.unknown : await past(look, now))
}

/** What a request asks of the past. Where it reads nothing, `unknown` is all that there is to know. */
export function lookBack(policy: CompiledPolicy, asked: Asked, now: Date): LookBack {
  const needed = new Set(historyNeeded(policy, asked, now))
  const reads: HistoryQuestion[] = []
  const adds_to: HistoryQuestion[] = []
  const unknown: Record<string, HistoryValues[string]> = {}
  if (needed.size > 0)
    for (const [name, entry] of policy.history) {
      const question = questionOf(name, entry, asked)
      if ('failed' in question) {
        if (needed.has(name)) unknown[name] = question
      } else {
        if (needed.has(name)) reads.push(question)
        if (isOneOf(entry.tools, asked.action.tool)) adds_to.push(question)
      }
    }
  return { reads, adds_to, unknown }
}

/** An entry asked for one request, or why it cannot be. */
function questionOf(
  name: string,
  { by, sum, tools, within_ms }: HistoryEntry,
  { agent, action, run_id, subject }: Asked,
): HistoryQuestion | { failed: string } {
  const question: HistoryQuestion = { name, sum, tools, within_ms }
  if (by.includes('agent')) question.agent_id = agent.id
  if (by.includes('tool')) question.tool = action.tool
  if (by.includes('run')) {
    if (run_id === null) return { failed: 'the request names no run_id' }
    question.agent_id = agent.id
    question.run_id = run_id
  }
  if (by.includes('subject')) {
    if (subject === null) return { failed: 'the request names no subject' }
    question.subject = { type: subject.type, id: subject.id }
  }
  return question
}

function isOneOf(tools: string[] | null, tool: string): boolean {
  return (
    tools === null ||
    tools.some((one) => (one.endsWith('*') ? tool.startsWith(one.slice(0, -1)) : tool === one))
  )
}
