import { readGauges } from '../store/gauges.ts'
import { readAsOf } from '../store/rollups.ts'
import type { Exposed } from './prometheus.ts'
import { readBy, readRunsBy, type ReadParts } from './read.ts'
import { hourMs, nextOf } from './spans.ts'

/** All that is exposed to Prometheus. Of agents and roles that there ever were, so that no counter disappears. */
export async function readExposed(parts: ReadParts): Promise<Exposed> {
  const { database, clock } = parts
  const to = nextOf('hour', clock.now())
  const ever = { from: new Date(0), to }
  const day = { from: new Date(clock.now().getTime() - 24 * hourMs), to }
  const [agents, roles, runs, gauges, as_of] = await Promise.all([
    readBy(database, { agent: null }, 'agent', ever),
    readBy(database, { agent: null }, 'role', ever),
    readRunsBy(database, day),
    readGauges(database),
    readAsOf(database),
  ])
  const { pending, dead_jobs } = gauges
  const frozen_agents = gauges.frozen_agents.filter((name) => name !== null).sort()
  const frozen = gauges.frozen_agents.includes(null)
  return { agents, roles, runs, now: { pending, dead_jobs, frozen, frozen_agents, as_of } }
}
