import { reach, type Database } from './database.ts'

/** Everything in the database that was sealed with SECRET_KEY. */
export type SealedTexts = {
  /** The known text of the first start; null before it. */
  check: string | null
  secrets: { agent: string; sealed: string }[]
  /** The private keys that sign, each for its purpose. */
  keys: { purpose: string; sealed: string }[]
}

export async function listSealed({ prisma }: Database): Promise<SealedTexts> {
  return reach(async () => {
    const [row, secrets, keys] = await Promise.all([
      prisma.keyCheck.findUnique({ where: { id: 1 } }),
      prisma.callbackSecret.findMany({
        select: { sealed: true, agent: { select: { name: true } } },
        orderBy: [{ agent: { name: 'asc' } }, { id: 'asc' }],
      }),
      prisma.signingKey.findMany({
        where: { retires_at: null },
        select: { purpose: true, sealed: true },
        orderBy: { purpose: 'asc' },
      }),
    ])
    return {
      check: row?.sealed ?? null,
      secrets: secrets.map(({ sealed, agent }) => ({ agent: agent.name, sealed })),
      keys,
    }
  })
}

/** The sealed text by which a key is judged: the check, or a secret from a time before there was one; null for none. */
export async function anySealed(database: Database): Promise<{ sealed: string; is_check: boolean } | null> {
  const text = `(select sealed, true as is_check from key_check)
    union all (select sealed, false from callback_secret order by id desc limit 1) order by is_check desc limit 1`
  const { rows } = await reach(() => database.pool.query<{ sealed: string; is_check: boolean }>(text))
  return rows[0] ?? null
}

/** Keeps the check where there is none, and returns the one that counts: another replica may have been first. */
export async function keepKeyCheck(database: Database, sealed: string, at: Date): Promise<string> {
  const { rows } = await reach(async () => {
    await database.pool.query(
      'insert into key_check (sealed, created_at) values ($1, $2) on conflict do nothing',
      [sealed, at],
    )
    return database.pool.query<{ sealed: string }>('select sealed from key_check')
  })
  return rows[0]?.sealed ?? sealed
}
