import type { AgentDesk } from '../flow/agent-desk.ts'
import { jsonAnswer, type Call } from './call.ts'
import type { Answer } from './problems.ts'
import { readCall } from './read-call.ts'
import { toRun } from './request.ts'
import { runBody, runPath } from './schemas.ts'

/** What agents say of their runs over HTTP. */
export function createRunCalls({ desk }: { desk: Pick<AgentDesk, 'keepRun'> }) {
  /** PUT /v1/runs/{run_id}. What was said before and is not said again is forgotten. */
  async function put(call: Call): Promise<Answer> {
    const read = await readCall(call, { path: runPath, body: runBody })
    if (!read.ok) return read.answer
    return jsonAnswer(200, await desk.keepRun(call.agent, read.path.run_id, toRun(read.body)))
  }

  return { put }
}
