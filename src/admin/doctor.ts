import type { Logger } from 'pino'
import type { Check } from '../platform/check.ts'
import type { Config } from '../platform/config.ts'
import { examineAgents, type OwnedAgent } from './doctor/agents.ts'
import { reachDatabase } from './doctor/database.ts'
import { examineEvidence } from './doctor/evidence.ts'
import { examinePolicy, type Demands } from './doctor/policy.ts'

/** What the policy and the agents take for granted about the Slack workspace. */
export type Expectations = Demands & { agents: OwnedAgent[] }

export type GroundReport = {
  checks: Check[]
  expectations: Expectations
  /** How far the database's clock is ahead of this machine's, in milliseconds; null where it could not be asked. */
  database_ahead_ms: number | null
}

/**
 * Looks at what the app stands on: database, migrations, secrets, policy. Never throws, and changes nothing; an
 * embedded database that was made before is started for the look where it does not run.
 */
export async function examineGround(
  config: Pick<Config, 'database_url' | 'migration_database_url' | 'data_dir' | 'policy_file' | 'secret_key'>,
  log: Logger,
): Promise<GroundReport> {
  const reached = await reachDatabase(config, log)
  try {
    const agents = await examineAgents(reached.database, config)
    const evidence = await examineEvidence(reached.database, {
      url: reached.runner_url,
      is_embedded: config.database_url === null,
    })
    const policy = await examinePolicy(reached.database, config.policy_file)
    return {
      checks: [...reached.checks, ...agents.checks, ...evidence, ...policy.checks],
      expectations: { ...policy.demands, agents: agents.owned },
      database_ahead_ms: reached.ahead_ms,
    }
  } finally {
    await reached.close()
  }
}
