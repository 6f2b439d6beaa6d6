import type { Logger } from 'pino'
import { hidden, without } from './approval/reveal.ts'
import { builtInSecrets } from './approval/secrets.ts'
import { createLog } from './platform/log.ts'

/** Deeper than that nobody logs anything. */
const deepest = 8

/** The programs' log: what agents and people sent may stand in an error or beside it, and their secrets never do. */
export function openLog(level: string): Logger {
  return createLog(level, hideSecrets)
}

/** A value without the secrets in it, by key and by form. What is no plain data stays what it is. */
export function hideSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return without(value, builtInSecrets.spansIn(value))
  if (typeof value !== 'object' || value === null || depth > deepest) return value
  if (Array.isArray(value)) return value.map((inner) => hideSecrets(inner, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      builtInSecrets.isSecretKey(key) && inner !== null && typeof inner !== 'boolean'
        ? hidden
        : hideSecrets(inner, depth + 1),
    ]),
  )
}
