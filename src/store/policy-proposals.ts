import type pg from 'pg'
import type { JsonObject } from '../approval/approval.ts'
import { recordAct } from './acts.ts'
import type { NewEvent } from './chain.ts'
import type { NewJob } from './consequences.ts'
import { reach, recording, type Database } from './database.ts'

export type ProposalOutcome = 'confirmed' | 'rejected' | 'lapsed'

/** A change of the policy that waits for a second admin; see the schema. */
export type ProposalRow = {
  number: number
  base: number
  document: string
  author: string
  note: string | null
  back_to: number | null
  /** As JSON keeps it. */
  comparison: JsonObject | null
  created_at: Date
  lapses_at: Date
  outcome: ProposalOutcome | null
  decided_by: string | null
  decided_at: Date | null
  reason: string | null
}

export type NewProposal = Pick<
  ProposalRow,
  'base' | 'document' | 'author' | 'note' | 'back_to' | 'comparison' | 'created_at' | 'lapses_at'
>

/** Brings what is shown of a proposal up to date. */
export function proposalJob(number: number, due_at: Date): NewJob {
  return { kind: 'proposal', payload: { proposal: number }, lane: `proposal:${number}`, due_at }
}

/** The same once its time is over: in no lane, where it would keep what comes before from being shown. */
function lapseJob(number: number, due_at: Date): NewJob {
  return { ...proposalJob(number, due_at), lane: null }
}

/** @param event of the proposal with this number */
export async function addProposal(
  database: Database,
  proposal: NewProposal,
  event: (number: number) => NewEvent,
): Promise<number> {
  const { base, document, author, note, back_to, comparison, created_at, lapses_at } = proposal
  return recording(database, async (client) => {
    const { rows } = await client.query<{ number: number }>(
      `insert into policy_proposal (base, document, author, note, back_to, created_at, lapses_at, comparison)
       values ($1, $2, $3, $4, $5, $6, $7, $8::json) returning number`,
      [base, document, author, note, back_to, created_at, lapses_at, JSON.stringify(comparison)],
    )
    const number = rows[0]!.number
    const jobs = [proposalJob(number, created_at), lapseJob(number, lapses_at)]
    await recordAct(client, created_at, event(number), jobs)
    return number
  })
}

export async function findProposal(database: Database, number: number): Promise<ProposalRow | null> {
  return reach(() =>
    database.prisma.policyProposal.findUnique({ where: { number } }),
  ) as Promise<ProposalRow | null>
}

/** Those that nobody has decided, the oldest first. */
export async function listWaitingProposals(database: Database): Promise<ProposalRow[]> {
  const where = { outcome: null }
  return reach(() =>
    database.prisma.policyProposal.findMany({ where, orderBy: { number: 'asc' } }),
  ) as Promise<ProposalRow[]>
}

/** Nobody else decides about it until the transaction ends. */
export async function lockProposal(client: pg.PoolClient, number: number): Promise<ProposalRow | null> {
  const { rows } = await client.query<ProposalRow>(
    'select * from policy_proposal where number = $1 for update',
    [number],
  )
  return rows[0] ?? null
}

export async function decideProposal(
  client: pg.PoolClient,
  number: number,
  decided: { outcome: ProposalOutcome; decided_by: string; decided_at: Date; reason: string | null },
): Promise<void> {
  const { outcome, decided_by, decided_at, reason } = decided
  await client.query(
    'update policy_proposal set outcome = $2, decided_by = $3, decided_at = $4, reason = $5 where number = $1',
    [number, outcome, decided_by, decided_at, reason],
  )
}

/** The numbers of those that nobody has decided. */
export async function waitingProposals(client: pg.PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ number: number }>(
    'select number from policy_proposal where outcome is null order by number',
  )
  return rows.map(({ number }) => number)
}
