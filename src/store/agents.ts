import { reach, type Database } from './database.ts'

export type AgentRow = {
  id: string
  name: string
  owner: string
  environment: string
  /** Sealed; see `platform/seal.ts`. */
  callback_secret: string
  created_at: Date
  disabled_at: Date | null
}

export type KeyRow = { lookup: string; hash: string; expires_at: Date | null }

/** The key found by its first part, with the agent that it belongs to. */
export async function findKey(
  database: Database,
  lookup: string,
): Promise<{ key: KeyRow; agent: AgentRow } | null> {
  const text = `select k.lookup, k.hash, k.expires_at, a.id, a.name, a.owner, a.environment, a.callback_secret, a.created_at, a.disabled_at
    from api_key k join agent a on a.id = k.agent_id where k.lookup = $1`
  const { rows } = await reach(() =>
    database.pool.query<KeyRow & AgentRow>({ name: 'find-key', text, values: [lookup] }),
  )
  const row = rows[0]
  if (!row) return null
  const { lookup: found, hash, expires_at, ...agent } = row
  return { key: { lookup: found, hash, expires_at }, agent }
}

/** False where the name is taken: nothing was written. */
export async function addAgent(
  database: Database,
  agent: AgentRow,
  key: KeyRow,
  event: { type: string; body: string },
): Promise<boolean> {
  const { prisma } = database
  return reach(async () => {
    if (await prisma.agent.findUnique({ where: { name: agent.name } })) return false
    await prisma.$transaction([
      prisma.agent.create({ data: agent }),
      prisma.apiKey.create({ data: { ...key, agent_id: agent.id, created_at: agent.created_at } }),
      prisma.event.create({ data: { ...event, at: agent.created_at } }),
    ])
    return true
  })
}

export async function listAgents(database: Database): Promise<AgentRow[]> {
  return reach(() => database.prisma.agent.findMany({ orderBy: { name: 'asc' } }))
}

export async function findAgent(database: Database, id: string): Promise<AgentRow | null> {
  return reach(() => database.prisma.agent.findUnique({ where: { id } }))
}
