import { createConditions } from './cel/conditions.ts'
import { compile, type CompiledPolicy } from './compile.ts'
import { inconsistencies } from './consistency.ts'
import { compileConditions, idleConditions } from './document-conditions.ts'
import { policyDocument, type PolicyDocument } from './document.ts'
import { inReadingOrder, type Fault, type Finding } from './fault.ts'
import { historyFindings, historyNames, idleEntries } from './history.ts'
import { idleEdits } from './idle-edits.ts'
import { idleEscalations } from './idle-escalations.ts'
import { lateSteps } from './late-steps.ts'
import { secretFindings } from './secrets.ts'
import { readSource } from './source.ts'
import { constantConditions, unreachableRules } from './unreachable-rules.ts'
import { findingsOf, phrase } from './wording.ts'

export type ParsedPolicy =
  | {
      ok: true
      document: PolicyDocument
      compiled: CompiledPolicy
      warnings: Fault[]
      /** Where in the text something stands that was found out later. */
      locate: (finding: Finding) => Fault
    }
  | { ok: false; faults: Fault[] }

/**
 * YAML 1.2 or JSON text → a policy document, ready to be evaluated. A document with any fault is refused whole, with
 * every fault that can be seen at once in the order of the text; only text that is not YAML at all hides the rest.
 * `warnings` name what the document says and nobody will ever act on. Never throws.
 */
export function parsePolicy(text: string): ParsedPolicy {
  const read = readSource(text)
  if (!read.ok) return { ok: false, faults: read.faults.sort(inReadingOrder) }
  const { value, locate } = read.source
  const shaped = policyDocument.safeParse(value, { error: phrase })
  const conditions = createConditions(historyNames(value))
  const { named, compiled, findings: ofConditions } = compileConditions(value, conditions)
  const findings = [
    ...(shaped.success ? [] : findingsOf(shaped.error.issues)),
    ...inconsistencies(value),
    ...historyFindings(value),
    ...secretFindings(value),
    ...ofConditions,
  ]
  if (!shaped.success || findings.length > 0)
    return { ok: false, faults: findings.map(locate).sort(inReadingOrder) }
  const ready = compile(shaped.data, conditions, compiled)
  const warnings = [
    ...idleEdits(shaped.data),
    ...idleEscalations(shaped.data),
    ...lateSteps(shaped.data),
    ...idleEntries(ready),
    ...idleConditions(named, ready.rules),
    ...constantConditions(named, ready.rules),
    ...unreachableRules(ready.rules),
  ]
  return {
    ok: true,
    document: shaped.data,
    compiled: ready,
    warnings: warnings.map(locate).sort(inReadingOrder),
    locate,
  }
}
