import type pg from 'pg'
import type { Purpose, SealedPair } from '../platform/signing-key.ts'
import { appendAdminEvents, type NewEvent } from './chain.ts'
import { reach, type Database } from './database.ts'
import { changeDesk } from './desk.ts'

export type SigningKeyRow = SealedPair & {
  purpose: Purpose
  created_at: Date
  retires_at: Date | null
  ends_at: Date | null
}

const columns = 'kid, purpose, public, sealed, created_at, retires_at, ends_at'

/** Those of one purpose, or of all; the one that signs first, then the newest. Retired ones stay: what they signed is checked with them. */
export async function listSigningKeys(
  database: Database,
  purpose: Purpose | null = null,
): Promise<SigningKeyRow[]> {
  const text = `select ${columns} from signing_key where $1::text is null or purpose = $1 
    order by purpose, retires_at desc nulls first, created_at desc`
  const { rows } = await reach(() =>
    database.pool.query<SigningKeyRow>({ name: 'list-signing-keys', text, values: [purpose] }),
  )
  return rows
}

/**
 * The keys that sign a checkpoint over these new events: the one that signs now, and those whose rotation is among the events, so
 * that whoever trusts an old key learns of the new one by its signature. To be called under the log's lock.
 */
export async function checkpointSigners(
  client: pg.PoolClient,
  event_ids: readonly number[],
): Promise<SigningKeyRow[]> {
  const text = `select ${columns} from signing_key where purpose = 'checkpoint' and (retires_at is null or kid in
    (select body::json->'data'->>'old_kid' from event where id = any($1::bigint[]) and type = 'key.rotated'))
    order by retires_at nulls first`
  const { rows } = await client.query<SigningKeyRow>({
    name: 'checkpoint-signers',
    text,
    values: [event_ids],
  })
  return rows
}

/** The key that signs for this purpose. Where there is none yet, `make` makes it; of two replicas at once, one does. */
export async function signingKey(
  database: Database,
  purpose: Purpose,
  now: () => Date,
  make: () => SealedPair,
): Promise<SigningKeyRow> {
  const find = async () =>
    (await listSigningKeys(database, purpose)).find(({ retires_at }) => retires_at === null)
  const found = await find()
  if (found) return found
  const { kid, public: x, sealed } = make()
  // Only one without an end can be there: see the migration.
  const text = `insert into signing_key (kid, purpose, public, sealed, created_at) values ($1, $2, $3, $4, $5)
    on conflict do nothing`
  await reach(() => database.pool.query(text, [kid, purpose, x, sealed, now()]))
  const kept = await find()
  if (!kept) throw new Error(`no key signs for ${purpose}`)
  return kept
}

/**
 * Lets another key sign from now on: whoever decides after this has the new one, and what was signed with the old one is
 * committed. A permit's key ends with the last permit that it signed; what other keys signed is good for ever.
 *
 * @param at_once ends every earlier key of the purpose now
 * @param build gives the key and the audit event of it, once this is the only rotation under way; `old_kid` is null where
 *   there was none
 */
export async function rotateSigningKey(
  database: Database,
  { purpose, at_once }: { purpose: Purpose; at_once: boolean },
  now: () => Date,
  build: (old_kid: string | null, at: Date) => SealedPair & { event: NewEvent },
): Promise<void> {
  await changeDesk(database, async (client) => {
    // No checkpoint is made meanwhile: none is signed by a key that the log does not tell of yet.
    await client.query('select from log for update')
    const { rows } = await client.query<{ kid: string }>(
      'select kid from signing_key where purpose = $1 and retires_at is null for update',
      [purpose],
    )
    const at = now()
    const { kid, public: x, sealed, event } = build(rows[0]?.kid ?? null, at)
    await client.query(
      `update signing_key set retires_at = $2, ends_at = case when purpose = 'permit' then greatest($2,
          (select max(valid_until) from approval where unspent),
          (select max(valid_until) from approval where not unspent)) end
        where purpose = $1 and retires_at is null`,
      [purpose, at],
    )
    if (at_once)
      await client.query(
        'update signing_key set ends_at = least(ends_at, $2) where purpose = $1 and retires_at <= $2',
        [purpose, at],
      )
    await client.query(
      'insert into signing_key (kid, purpose, public, sealed, created_at) values ($1, $2, $3, $4, $5)',
      [kid, purpose, x, sealed, at],
    )
    await appendAdminEvents(client, at, [event])
    return true
  })
}
