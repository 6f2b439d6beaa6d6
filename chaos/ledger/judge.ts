import type { Size } from '../size.ts'
import type { World } from '../world/world.ts'
import { readStored, type Stored } from './audit.ts'
import { judgeApproval, promises, type Breach, type Promised } from './judge-approval.ts'
import { judgeSlack } from './judge-slack.ts'
import type { Ledger } from './ledger.ts'
import { listAll } from './list-all.ts'

export type Verdict = {
  /** Each promise with how many approvals it was checked on, and everything that broke it. */
  promises: { promise: Promised; checked: number; breaches: Breach[] }[]
  /** Wrong without being about one approval. */
  faults: string[]
  /** How many approvals ended how. */
  ends: Record<string, number>
}

/** Compares everything that the app holds and says, after all is settled, with what the ledger knows. */
export async function judge(world: World, ledger: Ledger, size: Size): Promise<Verdict> {
  const listed = await listAll(world)
  const slack = await world.slack.report()
  for (const [method, count] of Object.entries(slack.calls)) ledger.count(`calls: ${method}`, count)
  const cards = judgeSlack(slack, ledger)
  const breaches: Breach[] = []
  const ends: Record<string, number> = {}
  const missing = new Set(ledger.byId.keys())

  for await (const stored of readStored(world.database.url)) {
    const entry = ledger.byId.get(stored.id)
    missing.delete(stored.id)
    if (!entry) {
      ledger.faults.push(`${stored.id} is in the database, and nobody was told of it`)
      continue
    }
    const told = listed.get(stored.id)
    if (told) entry.ends.add(told)
    else ledger.faults.push(`${stored.id} is not in its agent's list`)
    ends[stored.status] = (ends[stored.status] ?? 0) + 1
    breaches.push(...judgeApproval(entry, stored, ledger, size.tempo), ...cards(stored))
    measure(stored, ledger)
  }
  for (const id of missing)
    breaches.push({ promise: promises[0], approval_id: id, what: 'is not in the database' })

  const unanswered = ledger.entries.filter((entry) => entry.id === null).length
  if (unanswered > 0) ledger.faults.push(`${unanswered} requests were never acknowledged`)
  if (ledger.entries.length < size.approvals || (ledger.counts['kills'] ?? 0) < size.kills)
    ledger.faults.push('the run was cut short: there were fewer approvals or kills than asked for')
  for (const { code, took_ms } of ledger.stops)
    if (code !== 0 || took_ms > 11_000) ledger.faults.push(`a stop ended with ${code} after ${took_ms} ms`)
  return {
    promises: promises.map((promise) => ({
      promise,
      checked: ledger.byId.size,
      breaches: breaches.filter((breach) => breach.promise === promise),
    })),
    faults: ledger.faults,
    ends,
  }
}

/** Figures that only the audit holds. */
function measure({ events, callbacks }: Stored, ledger: Ledger) {
  const requested = events[0]
  const expires_at = Date.parse(String(requested?.data['expires_at']))
  let before = 0
  for (const { type, at, actor } of events) {
    const time = Date.parse(at)
    if (time < before) ledger.back_ms.push(before - time)
    before = time
    if (actor.type === 'timeout' && type.startsWith('approval.')) ledger.late_ms.push(time - expires_at)
    if (['vote.cast', 'click.refused', 'card.failed', 'callback.tried'].includes(type))
      ledger.count(`audit: ${type}`)
  }
  for (const { attempts } of callbacks)
    if (attempts > 1) ledger.count('callbacks that took more than one recorded try')
}
