import type { AgentDesk } from '../flow/agent-desk.ts'
import { readBody } from './body.ts'
import { checkJson, checkQuery, jsonAnswer, type Call } from './call.ts'
import { check, inPath } from './check.ts'
import { faultsOf } from './fault.ts'
import { readBodyJson } from './json.ts'
import { invalidRequest, type Answer } from './problems.ts'
import { toRun } from './request.ts'
import { noQuery, runBody, runPath } from './schemas.ts'

/** What agents say of their runs over HTTP. */
export function createRunCalls({ desk }: { desk: Pick<AgentDesk, 'keepRun'> }) {
  /** PUT /v1/runs/{run_id}. What was said before and is not said again is forgotten. */
  async function put({ req, target, path, agent }: Call): Promise<Answer> {
    const read = await readBody(req)
    if (!read.ok) return read.answer
    const place = check(runPath, path, inPath)
    const query = checkQuery(noQuery, target)
    const body = checkJson(runBody, readBodyJson(read.bytes))
    if (!place.ok || !query.ok || !body.ok) return invalidRequest(faultsOf(place, query, body))

    return jsonAnswer(200, await desk.keepRun(agent, place.value.run_id, toRun(body.value)))
  }

  return { put }
}
