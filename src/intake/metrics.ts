import type { Metrics } from '../metrics/index.ts'
import { checkQuery, jsonAnswer, type Call } from './call.ts'
import { invalidRequest, type Answer } from './problems.ts'
import { metricsQuery } from './schemas.ts'

/** An agent's own figures over HTTP. */
export function createMetricsCalls({ metrics }: { metrics: Pick<Metrics, 'report'> }) {
  /** GET /v1/metrics?window=&by= */
  async function read({ target, agent }: Call): Promise<Answer> {
    const query = checkQuery(metricsQuery, target)
    if (!query.ok) return invalidRequest(query.faults)
    const { window, by = null } = query.value
    const { approvers: _none, ...report } = await metrics.report({ ms: window, by, agent: agent.name })
    return jsonAnswer(200, report)
  }

  return { read }
}
