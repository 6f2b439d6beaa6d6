import { Scalar } from 'yaml'

/**
 * Where the character at `offset` of a text value stands in the YAML source, as an offset into `text`. Folding,
 * indentation, quotes and escapes make the two differ: both are walked side by side, skipping in the source what the
 * value does not have. `offset` may be the value's length, for its end.
 */
export function alignOffset(text: string, node: Scalar, offset: number): number {
  const [start, end] = node.range ?? [0, 0]
  const value = String(node.value)
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED
  let at = isBlock ? text.indexOf('\n', start) + 1 : start
  let found = at
  for (let i = 0; i <= offset && i < value.length; i++) {
    while (at < end && !same(text.charAt(at), value.charAt(i))) at++
    if (at >= end) return start
    found = at++
  }
  return offset >= value.length ? found + 1 : found
}

/** A folded line break is a space in the value. */
function same(source: string, value: string): boolean {
  return source === value || (source === '\n' && value === ' ')
}
