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
