import type { ShownCard } from '../approval/events.ts'
import type { Statement } from './append-events.ts'
import { reach, type Database } from './database.ts'

export type CardRow = {
  approval_id: string
  stage: number
  role: string
  channel: string
  ts: string
  shown: string
  posted_at: Date
  updated_at: Date
}

export async function listCards(database: Database, approval_id: string): Promise<CardRow[]> {
  return reach(() =>
    database.prisma.card.findMany({
      where: { approval_id },
      orderBy: [{ stage: 'asc' }, { posted_at: 'asc' }],
    }),
  )
}

/** Remembers where a card is and what it shows. */
export function keepCard(approval_id: string, card: ShownCard, at: Date): Statement {
  return {
    text: `insert into card (approval_id, stage, role, channel, ts, shown, posted_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $7)
      on conflict (approval_id, stage, role) do update set channel = $4, ts = $5, shown = $6, updated_at = $7`,
    values: [approval_id, card.stage, card.role, card.channel, card.ts, card.shown, at],
  }
}
