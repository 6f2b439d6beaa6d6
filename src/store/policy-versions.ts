import type pg from 'pg'
import { recordAct } from './acts.ts'
import type { NewEvent } from './chain.ts'
import type { NewJob } from './consequences.ts'
import { reach, type Database, type RecordingClient } from './database.ts'
import { changeDesk } from './desk.ts'
import { redrawHomes } from './homes.ts'
import { proposalJob, waitingProposals } from './policy-proposals.ts'

export type PolicyVersionRow = {
  version: number
  document: string
  author: string
  note: string | null
  created_at: Date
  /** Who made it count, where the policy asks for a second admin. */
  confirmed_by: string | null
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
  const select = { version: true, author: true, note: true, created_at: true, confirmed_by: true }
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
  return changeDesk(database, (client) => insertPolicyVersion(client, row, event))
}

/**
 * The same as the end of a transaction that changes the desk. Proposals that waited to become that version have lapsed:
 * what is shown of them is to be brought up to date.
 */
export async function insertPolicyVersion(
  client: RecordingClient,
  row: PolicyVersionRow,
  event: NewEvent,
  jobs: NewJob[] = [],
): Promise<boolean> {
  const text = `insert into policy_version (version, document, author, note, created_at, confirmed_by)
    values ($1, $2, $3, $4, $5, $6) on conflict (version) do nothing`
  const values = [row.version, row.document, row.author, row.note, row.created_at, row.confirmed_by]
  if ((await client.query({ text, values })).rowCount !== 1) return false
  const lapsed = (await waitingProposals(client)).map((number) => proposalJob(number, row.created_at))
  await redrawHomes(client, row.created_at)
  await recordAct(client, row.created_at, event, [...jobs, ...lapsed])
  return true
}

export async function newestPolicyVersion(client: pg.PoolClient): Promise<PolicyVersionRow | null> {
  const { rows } = await client.query<PolicyVersionRow>(
    'select version, document, author, note, created_at, confirmed_by from policy_version order by version desc limit 1',
  )
  return rows[0] ?? null
}
