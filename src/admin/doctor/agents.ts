import { resolve } from 'node:path'
import { fail, inOneLine, ok, type Check } from '../../platform/check.ts'
import type { Config } from '../../platform/config.ts'
import { createSeal } from '../../platform/seal.ts'
import { keptSecretKeyIfAny } from '../../platform/secret-key.ts'
import { listAgents, type AgentRow } from '../../store/agents.ts'
import type { Database } from '../../store/database.ts'

export type OwnedAgent = { name: string; owner: string }

type KeyPlace = Pick<Config, 'secret_key' | 'data_dir'>

/** Whether the key opens what was sealed with it, and who owns the agents that may ask. Never throws. */
export async function examineAgents(
  database: Database | null,
  place: KeyPlace,
): Promise<{ checks: Check[]; owned: OwnedAgent[] }> {
  // A database that is away or not migrated has its own line.
  const stored = database ? await listAgents(database).catch(() => null) : null
  const owned = (stored ?? [])
    .filter((agent) => agent.disabled_at === null)
    .map(({ name, owner }) => ({ name, owner }))
  return { checks: [await keyCheck(stored, place)], owned }
}

async function keyCheck(agents: AgentRow[] | null, { secret_key, data_dir }: KeyPlace): Promise<Check> {
  const check = 'SECRET_KEY'
  const place = resolve(data_dir)
  const remedy =
    secret_key === null
      ? `Restore ${place}/secret-key from the backup that its database is from.`
      : 'Set the SECRET_KEY that sealed them. Where it is lost, these agents must be added again.'
  try {
    const key = secret_key ?? (await keptSecretKeyIfAny(place))
    if (!agents?.length && key === null) return ok(check, 'the first start makes one')
    if (agents === null) return ok(check, 'is there; no database was found to try it on')
    if (agents.length === 0) return ok(check, 'is there; nothing is sealed with it yet')
    if (key === null) return fail(check, `${place}/secret-key is gone`, remedy)
    const seal = createSeal(key)
    const shut = agents.filter(({ callback_secret }) => !opens(seal.open, callback_secret))
    if (shut.length === 0) return ok(check, `opens the callback secrets of every agent (${agents.length})`)
    const names = shut.map(({ name }) => name).join(', ')
    return fail(check, `does not open the callback secrets of ${names}: they get no callbacks`, remedy)
  } catch (error) {
    return fail(check, inOneLine(error), remedy)
  }
}

function opens(open: (sealed: string) => string, sealed: string): boolean {
  try {
    open(sealed)
    return true
  } catch {
    return false
  }
}
