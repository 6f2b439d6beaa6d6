import type { Condition } from './cel/condition.ts'
import type { Conditions } from './cel/conditions.ts'
import { isTaken } from './cel/taken.ts'
import type { CompiledRule } from './compile.ts'
import type { Finding } from './fault.ts'
import { list, loose } from './loose.ts'

/** The conditions of a document that may be faulty elsewhere: those with a name, and those of rules by their position. */
export function compileConditions(document: unknown, conditions: Conditions) {
  const named = new Map<string, Condition>()
  const compiled = new Map<number, Condition>()
  const findings: Finding[] = []
  const texts = Object.entries(loose(loose(document)['conditions']))
  texts.forEach(([name, text], i) => {
    if (typeof text !== 'string' || isTaken(name)) return
    const later = new Set(texts.slice(i).map(([other]) => other))
    const result = conditions.define(name, text, later)
    if (result.ok) named.set(name, result.condition)
    else findings.push(...result.faults.map((fault) => ({ path: ['conditions', name], ...fault })))
  })
  list(loose(document)['rules']).forEach((rule, i) => {
    const { when } = loose(rule)
    if (typeof when !== 'string') return
    const result = conditions.compile(when)
    if (result.ok) compiled.set(i, result.condition)
    else findings.push(...result.faults.map((fault) => ({ path: ['rules', i, 'when'], ...fault })))
  })
  return { named, compiled, findings }
}

/** A warning for each named condition that no rule looks at, also through others. */
export function idleConditions(
  named: ReadonlyMap<string, Condition>,
  rules: readonly CompiledRule[],
): Finding[] {
  const used = new Set<string>()
  const look = (condition: Condition | null | undefined) => {
    for (const name of condition?.names ?? [])
      if (!used.has(name)) {
        used.add(name)
        look(named.get(name))
      }
  }
  for (const { condition } of rules) look(condition)
  return [...named.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({ path: ['conditions', name], on_key: true, detail: 'no rule looks at it' }))
}
