import { longestDurationMs, parseDuration } from '../approval/duration.ts'
import type { HistoryEntry } from '../approval/history.ts'
import type { CompiledPolicy } from './compile.ts'
import type { PolicyDocument } from './document.ts'
import type { Finding } from './fault.ts'
import { isLoose, list, loose, type Loose } from './loose.ts'
import { repeated } from './repeated.ts'

/** The names of a document's entries, also where the document is faulty. */
export function historyNames(document: unknown): string[] {
  return Object.keys(entriesIn(document))
}

/** What is wrong with entries that are well formed field by field. */
export function historyFindings(document: unknown): Finding[] {
  return Object.entries(entriesIn(document)).flatMap(([name, entry]): Finding[] => {
    if (!isLoose(entry)) return []
    const path = ['history', name]
    const { sum, by, tool } = entry
    if ('sum' in entry === 'count' in entry)
      return [{ path, detail: 'says either sum, of which argument, or count: true' }]
    const found = [
      ...repeated(list(by), [...path, 'by'], 'is listed twice'),
      ...repeated(list(tool), [...path, 'tool'], 'is listed twice'),
    ]
    if (typeof sum === 'string' && argumentPath(sum) === null)
      found.push({
        path: [...path, 'sum'],
        detail:
          'says which argument is added up, as in action.arguments.amount or action.arguments["net-amount"]',
      })
    if ('sum' in entry && tool === undefined && by !== 'tool' && !list(by).includes('tool'))
      found.push({ path, detail: 'adds up an argument of any tool: say of which, by tool or by: tool' })
    return found
  })
}

/** The entries as they are asked; the document was found to be without fault. */
export function historyOf(document: PolicyDocument): Map<string, HistoryEntry> {
  return new Map(
    Object.entries(document.history).map(([name, { sum, tool, by, within }]) => [
      name,
      {
        sum: sum === undefined ? null : argumentPath(sum),
        tools: tool === undefined ? null : oneOrMore(tool),
        by: oneOrMore(by),
        within_ms: parseDuration(within) ?? longestDurationMs,
      },
    ]),
  )
}

/** A warning for each entry that no condition looks at. */
export function idleEntries({ history, rules }: CompiledPolicy): Finding[] {
  const looked_at = new Set(rules.flatMap(({ condition }) => condition?.history ?? []))
  return [...history.keys()]
    .filter((name) => !looked_at.has(name))
    .map((name) => ({ path: ['history', name], on_key: true, detail: 'no condition looks at it' }))
}

/** `action.arguments.payment["net-amount"]` → `['payment', 'net-amount']`, null where it is nothing like it. */
function argumentPath(text: string): string[] | null {
  const step = /\.([A-Za-z_][A-Za-z0-9_]*)|\["([^"\\\p{Cc}]+)"\]/gu
  const steps = text.startsWith('action.arguments') ? text.slice('action.arguments'.length) : ''
  const keys = [...steps.matchAll(step)]
  if (keys.length === 0 || keys.map(([whole]) => whole).join('') !== steps) return null
  return keys.map(([, plain, quoted]) => plain ?? quoted ?? '')
}

function oneOrMore<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value]
}

function entriesIn(document: unknown): Loose {
  return loose(loose(document)['history'])
}
