import { reach, type Database } from './database.ts'

/** The texts of an approval's audit events, in their order. */
export async function listEvents(database: Database, approval_id: string): Promise<string[]> {
  const rows = await reach(() =>
    database.prisma.event.findMany({
      where: { approval_id },
      orderBy: { seq: 'asc' },
      select: { body: true },
    }),
  )
  return rows.map((row) => row.body)
}
