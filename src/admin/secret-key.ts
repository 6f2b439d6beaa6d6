import { join } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { createSeal, type Seal } from '../platform/seal.ts'
import { keptSecretKey, keptSecretKeyIfAny } from '../platform/secret-key.ts'
import { StartRefused } from '../platform/start-refused.ts'
import type { Database } from '../store/database.ts'
import { anySealed, keepKeyCheck } from '../store/sealed.ts'

/** What is sealed to try keys on. It says nothing: that a key opens it proves that it is the one. */
const knownText = 'countersign'

/**
 * The seal of this database's secrets, with a key that was proven on it; the first start chooses the key. To be called
 * before anything is sealed or opened: what two keys have sealed, nobody could sort out again.
 *
 * @throws StartRefused where SECRET_KEY, or the key kept under DATA_DIR, is not the key of this database
 */
export async function provenSeal(
  { database, clock }: { database: Database; clock: Clock },
  { secret_key, data_dir }: Pick<Config, 'secret_key' | 'data_dir'>,
): Promise<Seal> {
  const known = await anySealed(database)
  const found = secret_key ?? (await keptSecretKeyIfAny(data_dir))
  const refusal = () => new StartRefused(secret_key === null ? keptFault(data_dir, found) : givenFault)
  if (found === null && known !== null) throw refusal()
  const seal = createSeal(found ?? (await keptSecretKey(data_dir)))
  if (known !== null && !opens(seal, known.sealed)) throw refusal()
  if (known?.is_check) return seal
  const kept = await keepKeyCheck(database, seal.close(knownText), clock.now())
  if (!opens(seal, kept)) throw refusal()
  return seal
}

/** Whether this text was sealed with the seal's key. */
export function opens(seal: Seal, sealed: string): boolean {
  try {
    seal.open(sealed)
    return true
  } catch {
    return false
  }
}

const givenFault =
  'SECRET_KEY is not the key that this database’s secrets are sealed with: set it to the one that was used before'

function keptFault(data_dir: string, found: Buffer | null): string {
  const what = found === null ? 'is gone, which held' : 'does not hold'
  return (
    `SECRET_KEY is unset, and ${join(data_dir, 'secret-key')} ${what} the key that this database’s secrets are ` +
    'sealed with: restore that file from the backup that the database is from'
  )
}
