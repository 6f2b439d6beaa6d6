import { resolve } from 'node:path'
import { fail, inOneLine, ok, type Check } from '../../platform/check.ts'
import type { Config } from '../../platform/config.ts'
import { createSeal, type Seal } from '../../platform/seal.ts'
import { keptSecretKeyIfAny } from '../../platform/secret-key.ts'
import { listAgents } from '../../store/agents.ts'
import type { Database } from '../../store/database.ts'
import { listSealed, type SealedTexts } from '../../store/sealed.ts'
import { opens } from '../secret-key.ts'

export type OwnedAgent = { name: string; owner: string }

type KeyPlace = Pick<Config, 'secret_key' | 'data_dir'>

/** Whether the key opens what was sealed with it, and who owns the agents that may ask. Never throws. */
export async function examineAgents(
  database: Database | null,
  place: KeyPlace,
): Promise<{ checks: Check[]; owned: OwnedAgent[] }> {
  // A database that is away or not migrated has its own line.
  const stored = database ? await listAgents(database).catch(() => []) : []
  const sealed = database ? await listSealed(database).catch(() => null) : null
  const owned = stored
    .filter((agent) => agent.disabled_at === null)
    .map(({ name, owner }) => ({ name, owner }))
  return { checks: [await keyCheck(sealed, place)], owned }
}

async function keyCheck(sealed: SealedTexts | null, { secret_key, data_dir }: KeyPlace): Promise<Check> {
  const check = 'SECRET_KEY'
  const place = resolve(data_dir)
  const used = sealed !== null && (sealed.check !== null || sealed.secrets.length > 0)
  const remedy =
    (secret_key === null
      ? `Restore ${place}/secret-key from the backup that its database is from.`
      : 'Set the SECRET_KEY that was used before.') +
    ' Where it is lost: empty the tables key_check and callback_secret, set retires_at in signing_key, start, and rotate every agent.'
  try {
    const key = secret_key ?? (await keptSecretKeyIfAny(place))
    if (!used && key === null) return ok(check, 'the first start makes one')
    if (sealed === null) return ok(check, 'is there; no database was found to try it on')
    if (!used) return ok(check, 'is there; nothing is sealed with it yet')
    if (key === null) return fail(check, `${place}/secret-key is gone, and the app does not start`, remedy)
    const seal = createSeal(key)
    const agents = new Set(sealed.secrets.map(({ agent }) => agent))
    const shut = whatIsShut(sealed, seal)
    if (sealed.check !== null && !opens(seal, sealed.check))
      return fail(check, `is not the key of this database, and the app does not start${butNot(shut)}`, remedy)
    if (shut.length > 0) return fail(check, `is the key of this database${butNot(shut)}`, remedy)
    return ok(check, `opens the callback secrets of every agent (${agents.size})`)
  } catch (error) {
    return fail(check, inOneLine(error), remedy)
  }
}

function whatIsShut({ secrets, keys }: SealedTexts, seal: Seal): string[] {
  const agents = secrets.filter(({ sealed }) => !opens(seal, sealed)).map(({ agent }) => agent)
  const purposes = keys.filter(({ sealed }) => !opens(seal, sealed)).map(({ purpose }) => purpose)
  return [
    ...(agents.length > 0 ? [`the callback secrets of ${[...new Set(agents)].join(', ')}`] : []),
    ...purposes.map((purpose) => `the key that signs each ${purpose}`),
  ]
}

function butNot(shut: string[]): string {
  return shut.length === 0 ? '' : `; it does not open ${shut.join(', nor ')}`
}
