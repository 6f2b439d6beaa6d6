import type { Logger } from 'pino'
import type { Person } from '../approval/approval.ts'
import type { Clock } from '../platform/clock.ts'
import type { Seal } from '../platform/seal.ts'
import type { Database } from '../store/database.ts'
import { addAgent, agents } from './agents.ts'
import { installFirstPolicy } from './first-policy.ts'

export type AdminParts = { database: Database; clock: Clock; seal: Seal }

/** Who acts: a person from Slack, an operator with a shell on the machine, or this program itself. */
export type By = ({ type: 'human' } & Person) | { type: 'operator' } | { type: 'countersign' }

/** What admins do, once for Slack and for the shell. */
export function createAdmin(parts: AdminParts) {
  return {
    addAgent: (asked: { name: string; owner: string; environment: string }, by: By) =>
      addAgent(parts, asked, by),
    agents: () => agents(parts),
    installFirstPolicy: (path: string, log: Logger) => installFirstPolicy(parts, path, log),
  }
}

export type Admin = ReturnType<typeof createAdmin>
