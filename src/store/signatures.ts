import { write, type Database } from './database.ts'

/**
 * Remembers a request's signature; false where it was there already. What is older than `forget_before` is forgotten:
 * a request that old is refused by its timestamp.
 */
export async function rememberSignature(
  database: Database,
  signature: string,
  now: Date,
  forget_before: Date,
): Promise<boolean> {
  const text = `with gone as (delete from seen_signature where seen_at < $3)
    insert into seen_signature (signature, seen_at) values ($1, $2) on conflict do nothing`
  const values = [signature, now, forget_before]
  const { rowCount } = await write(database, { name: 'remember-signature', text, values })
  return rowCount === 1
}
