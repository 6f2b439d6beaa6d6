import * as z from 'zod'
import type { Finding, Path } from './fault.ts'
import { didYouMean } from './nearest.ts'

/** An object that refuses unknown keys, each with the nearest known one: one line of the message for each key. */
export function closed<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `unknown field ${JSON.stringify(key)}${didYouMean(key, known)}`).join('\n')
        : undefined,
  })
}

const missing = 'is required'

/** Words for what is wrong with a value, where it is there at all. */
export function wrong(detail: string) {
  return { error: ({ input }: { input?: unknown }) => (input === undefined ? missing : detail) }
}

/** Says in plain words what a schema has no words of its own for. */
export function phrase(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined
      ? missing
      : `expected ${words(issue.expected)}, not ${kindOf(issue.input)}`
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String)
    const meant = typeof issue.input === 'string' ? didYouMean(issue.input, known) : ''
    return `is one of ${known.join(', ')}${meant}`
  }
  if (issue.code === 'invalid_union' && Array.isArray(issue['options']))
    return `is one of ${issue['options'].map(String).join(', ')}`
  if (issue.code === 'too_small' && issue.minimum === 1 && unit(issue.origin) !== '')
    return 'must not be empty'
  if (issue.code === 'too_small') return `is at least ${issue.minimum}${unit(issue.origin)}`
  if (issue.code === 'too_big') return `is at most ${issue.maximum}${unit(issue.origin)}`
  return undefined
}

/** A schema's issues, one finding for each thing to correct. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], base: Path = []): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))]
    if (issue.code === 'unrecognized_keys') {
      const lines = issue.message.split('\n')
      return issue.keys.map((key, i) => ({
        path: [...path, key],
        on_key: true,
        detail: lines[i] ?? issue.message,
      }))
    }
    if (issue.code === 'invalid_key')
      return [{ path, on_key: true, detail: issue.issues[0]?.message ?? issue.message }]
    if (issue.code === 'invalid_union') {
      // The branch that failed inside, not at its door, is the one that was meant.
      const meant = issue.errors.find((branch) =>
        branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
      )
      if (meant) return findingsOf(meant, path)
    }
    return [{ path, detail: issue.message }]
  })
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'number' && !Number.isInteger(value) ? 'a fraction' : words(typeof value)
}

function words(kind: string): string {
  const plain: Record<string, string> = {
    string: 'text',
    object: 'a map',
    record: 'a map',
    array: 'a list',
    boolean: 'true or false',
    int: 'a whole number',
  }
  return plain[kind] ?? `a ${kind}`
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' long' : ''
}
