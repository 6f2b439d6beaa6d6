import type { CelFunc } from '@bufbuild/cel'
import type { Environment } from './environment.ts'
import { describe, type Static } from './static.ts'

const arithmetic = new Set(['_+_', '_-_', '_*_', '_/_', '_%_'])

/** `_<=_` → `<=`; a function's name stays. */
export function spelling(name: string): string {
  if (name === '@in') return 'in'
  return /[a-z]/i.test(name) ? name : name.replaceAll('_', '')
}

/** What an author can call, for "did you mean". */
export function functionNames(environment: Environment): Set<string> {
  const names = [...environment.funcs].map(({ name }) => name).filter((name) => /^[a-z]/i.test(name))
  return new Set([...names, ...macros.keys()])
}

/** Macros are gone once they are parsed: their names are left only where they were written wrongly. */
const macros = new Map([
  ['has', 'has(action.arguments.amount)'],
  ['all', 'list.all(x, x > 1.0)'],
  ['exists', 'list.exists(x, x > 1.0)'],
  ['exists_one', 'list.exists_one(x, x > 1.0)'],
  ['map', 'list.map(x, x.price)'],
  ['filter', 'list.filter(x, x > 1.0)'],
])

/** How a macro is written, or null where the name is not one's. */
export function macroUse(name: string): string | null {
  return macros.get(name) ?? null
}

/** Why an evaluation failed, in the words that the same fault has where it is seen before any request. */
export function failureWords(message: string): string {
  const [, name, given] = /^found no matching overload for '(\S+)' applied to '\((.*)\)'$/.exec(message) ?? []
  return name === undefined || given === undefined ? message : `${spelling(name)} does not take (${given})`
}

/** Why none of a function's forms takes what it was given. */
export function noOverload(name: string, given: Static[], onTarget: boolean, forms: CelFunc[]): string {
  const said = given.map(describe)
  if (arithmetic.has(name) && given.some(({ is }) => is === 'json') && given.some(({ is }) => is === 'int'))
    return name === '_%_'
      ? 'numbers of a request are doubles, which % does not take: write int(…) around it'
      : `numbers of a request are doubles, and ${spelling(name)} takes two of a kind: write 2.0 for 2, or double(…)`
  if (arithmetic.has(name) && given.some(({ is }) => is === 'double') && given.some(({ is }) => is === 'int'))
    return `${spelling(name)} takes two of a kind, and one of these is a double: write 2.0 for 2, or double(…)`
  if (/^[a-z]/i.test(name)) {
    const [target, ...args] = onTarget ? said : ['', ...said]
    const takes = forms.some((form) => (form.target !== undefined) === onTarget)
    const use = takes ? '' : onTarget ? `; it is written ${name}(x)` : `; it is written x.${name}(…)`
    return `${name} does not take (${args.join(', ')})${onTarget ? ` on ${target}` : ''}${use}`
  }
  return said.length === 1
    ? `${spelling(name)} does not work on ${said[0]}`
    : `${spelling(name)} does not work between ${said.join(' and ')}`
}
