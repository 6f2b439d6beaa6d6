import { newApiKey } from '../platform/api-key.ts'
import { newCallbackSecret } from '../platform/callback-secret.ts'
import { newId } from '../platform/ids.ts'
import type { Seal } from '../platform/seal.ts'
import { didYouMean } from '../policy/index.ts'
import type { Database } from '../store/database.ts'
import { addAgent as storeAgent, agentsUse, listAgents, type NewSecrets } from '../store/agents.ts'
import type { AdminParts, By } from './index.ts'
import type { LookUp } from './policy/look-up.ts'
import { adminEvent } from './record.ts'

/** The longest name that an agent can have, in characters. */
const longestName = 100

/** A new agent's secrets: shown once, never again. */
export type NewAgent = { name: string; api_key: string; callback_secret: string }

/**
 * Why something was not done, in words for who asked. `names` is who stands in them, by their Slack id or as `operator`, for
 * whoever can say how they are called.
 */
export type Refused = { refused: string; names?: string }

/**
 * @param lookUp asks Slack about the owner, to whom separation of duties and messages go: one who is not there is refused;
 *   null where nobody can be asked
 * @returns why not, in words, where a field is wrong or the name is taken
 */
export async function addAgent(
  { database, clock, seal }: AdminParts,
  asked: { name: string; owner: string; environment: string },
  by: By,
  lookUp: LookUp | null = null,
): Promise<NewAgent | Refused> {
  const { name, owner, environment } = asked
  if (name.length > longestName || !/^[a-z0-9][a-z0-9._-]*$/.test(name))
    return { refused: 'An agent’s name is 1 to 100 of a-z 0-9 . _ - and starts with a letter or a digit' }
  if (!/^[UW][A-Z0-9_]{2,30}$/.test(owner))
    return { refused: 'The owner is a Slack user id, such as U012AB3CD' }
  if (environment.length < 1 || environment.length > 100)
    return { refused: 'The environment is 1 to 100 characters' }
  const look = await lookUp?.({ users: [owner], groups: [], channels: [] })
  if (look?.cannot_vote.has(owner))
    return {
      refused: `An agent’s owner answers for it, and that cannot be: ${look.troubles.get(owner) ?? owner}`,
    }
  const now = clock.now()
  const id = newId('agt', now)
  const { shown, stored } = newSecrets(seal)
  const row = { id, name, owner, environment, created_at: now, disabled_at: null, last_seen_at: null }
  const event = adminEvent('agent.added', by, now, {
    agent_id: id,
    name,
    owner,
    environment,
    key: stored.key.lookup,
  })
  const added = await storeAgent(database, row, stored, event)
  return added ? { name, ...shown } : { refused: `There is an agent called ${name} already` }
}

/** A new key and a new callback secret: as they are shown, once, and as they are kept. */
export function newSecrets(seal: Seal): { shown: Omit<NewAgent, 'name'>; stored: NewSecrets } {
  const { api_key, lookup, hash } = newApiKey()
  const callback_secret = newCallbackSecret()
  return {
    shown: { api_key, callback_secret },
    stored: { key: { lookup, hash }, sealed: seal.close(callback_secret) },
  }
}

/** That there is no agent of that name, with the one that was probably meant. */
export async function unknownAgent(database: Database, name: string): Promise<Refused> {
  if (name === '') return { refused: 'Say which agent' }
  const names = (await listAgents(database)).map((agent) => agent.name)
  return { refused: `There is no agent called ${name.slice(0, longestName)}${didYouMean(name, names)}` }
}

export type ListedAgent = {
  name: string
  owner: string
  environment: string
  created_at: Date
  disabled_at: Date | null
  /** To the minute; null where it never used its key. */
  last_seen_at: Date | null
  /** How often it asked in the last 30 days. */
  requests_30d: number
  /** Which share of what was decided of those was approved, 0 to 1; null where nothing was. */
  approval_rate_30d: number | null
}

const days30Ms = 30 * 86_400_000

export async function agents({ database, clock }: AdminParts): Promise<ListedAgent[]> {
  const since = new Date(clock.now().getTime() - days30Ms)
  const [rows, use] = await Promise.all([listAgents(database), agentsUse(database, since)])
  return rows.map(({ id, ...agent }) => {
    const { requests, approved, decided } = use.get(id) ?? { requests: 0, approved: 0, decided: 0 }
    return { ...agent, requests_30d: requests, approval_rate_30d: decided === 0 ? null : approved / decided }
  })
}

/** What has come of an agent's requests, in words. */
export function useWords({ last_seen_at, requests_30d, approval_rate_30d }: ListedAgent): string {
  if (last_seen_at === null && requests_30d === 0) return 'never seen'
  const asked = `${requests_30d} ${requests_30d === 1 ? 'request' : 'requests'} in 30 days`
  return approval_rate_30d === null ? asked : `${asked}, ${Math.round(approval_rate_30d * 100)} % approved`
}
