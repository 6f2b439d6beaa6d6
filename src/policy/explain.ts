import type { HistoryValues } from '../approval/history.ts'
import type { CompiledPolicy } from './compile.ts'
import type { PolicyInput } from './input.ts'

/**
 * Why a condition does not hold: those of its parts joined by `&&` that are false, as they are written; all of it where
 * it has one part only. For people who try a policy: it compiles anew, which no request should wait for.
 */
export function falseParts(
  { conditions }: Pick<CompiledPolicy, 'conditions'>,
  when: string,
  request: PolicyInput,
  now: Date,
  history: HistoryValues,
): string[] {
  const parts = partsOf(when).map((text) => ({ text, compiled: conditions.compile(text) }))
  // Whatever this file takes for a part must be a condition of its own.
  if (parts.some(({ compiled }) => !compiled.ok)) return [when]
  const found = parts.filter(({ compiled }) => {
    const facts = conditions.read(request, now, history)
    return compiled.ok && compiled.condition.test(facts) === false
  })
  return found.length === 0 ? [when] : found.map(({ text }) => text)
}

/** A literal of CEL, a comment, or one character or operator. What is inside of the first two joins nothing. */
const token =
  /[rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?''')|[rR]"[^"\n]*"|[rR]'[^'\n]*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|&&|\|\||[\s\S]/g

/** A condition cut at each `&&` that joins it as a whole; left in one where a weaker operator does. */
function partsOf(condition: string): string[] {
  const parts = ['']
  let depth = 0
  for (const [text] of condition.matchAll(token)) {
    if ('([{'.includes(text)) depth++
    if (')]}'.includes(text)) depth--
    if (depth === 0 && (text === '||' || text === '?')) return [condition]
    if (depth === 0 && text === '&&') parts.push('')
    else parts[parts.length - 1] += text
  }
  return parts.map((part) => part.trim())
}
