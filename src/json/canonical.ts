import canonicalize from 'canonicalize'
import type { Action, Json } from '../approval/approval.ts'
import { sha256Hex } from '../platform/ids.ts'

/** Hex SHA-256 of the RFC 8785 canonical JSON of `value`: the same for every spelling of the same JSON. */
export function canonicalHash(value: Json): string {
  const canonical = canonicalize(value)
  if (canonical === undefined) throw new Error('JSON always has a canonical form')
  return sha256Hex(canonical)
}

/** An action's digest: it covers the tool and the arguments, and nothing else. */
export function actionDigest({ tool, arguments: given }: Pick<Action, 'tool' | 'arguments'>): string {
  return `sha256:${canonicalHash({ tool, arguments: given })}`
}
