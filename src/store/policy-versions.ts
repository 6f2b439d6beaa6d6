import { appendAdminEvents, type NewEvent } from './chain.ts'
import { reach, type Database } from './database.ts'
import { changeDesk } from './desk.ts'

export type PolicyVersionRow = {
  version: number
  document: string
  author: string
  note: string | null
  created_at: Date
}

export async function newestPolicy(database: Database): Promise<PolicyVersionRow | null> {
  return reach(() => database.prisma.policyVersion.findFirst({ orderBy: { version: 'desc' } }))
}

export async function findPolicyVersion(
  database: Database,
  version: number,
): Promise<PolicyVersionRow | null> {
  return reach(() => database.prisma.policyVersion.findUnique({ where: { version } }))
}

/** The newest first, without their documents. */
export async function listPolicyVersions(
  database: Database,
  limit: number,
): Promise<Omit<PolicyVersionRow, 'document'>[]> {
  const select = { version: true, author: true, note: true, created_at: true }
  return reach(() =>
    database.prisma.policyVersion.findMany({ select, orderBy: { version: 'desc' }, take: limit }),
  )
}

/** False where that version is there already: nothing was written, somebody else was first. */
export async function addPolicyVersion(
  database: Database,
  row: PolicyVersionRow,
  event: NewEvent,
): Promise<boolean> {
  const text = `insert into policy_version (version, document, author, note, created_at) values ($1, $2, $3, $4, $5)
    on conflict (version) do nothing`
  const values = [row.version, row.document, row.author, row.note, row.created_at]
  return changeDesk(database, async (client) => {
    const added = (await client.query(text, values)).rowCount === 1
    if (added) await appendAdminEvents(client, row.created_at, [event])
    return added
  })
}
