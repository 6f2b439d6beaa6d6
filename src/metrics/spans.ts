/** The spans of time that figures are kept by, in UTC. */
export const spans = ['hour', 'day', 'month'] as const
export type Span = (typeof spans)[number]

/** From `from` on and before `to`. */
export type Window = { from: Date; to: Date }

/** A window that begins and ends with the spans of one kind that it is made of. */
export type Piece = Window & { span: Span }

export const hourMs = 3_600_000

/** The beginning of the span that a moment lies in. */
export function beginningOf(span: Span, at: Date): Date {
  if (span === 'month') return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()))
  const size = span === 'hour' ? hourMs : 24 * hourMs
  return new Date(Math.floor(at.getTime() / size) * size)
}

/** The beginning of the span after that. */
export function nextOf(span: Span, at: Date): Date {
  const begun = beginningOf(span, at)
  if (span === 'month') return new Date(Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1))
  return new Date(begun.getTime() + (span === 'hour' ? hourMs : 24 * hourMs))
}

/** A window of whole hours as the largest spans that it is made of: at most 46 hours, 60 days, and the months between. */
export function piecesOf({ from, to }: Window, span: Span = 'month'): Piece[] {
  if (from >= to) return []
  if (span === 'hour') return [{ span, from, to }]
  const smaller = span === 'month' ? 'day' : 'hour'
  const begun = beginningOf(span, from)
  const first = begun < from ? nextOf(span, from) : begun
  const last = beginningOf(span, to)
  if (first >= last) return piecesOf({ from, to }, smaller)
  return [
    ...piecesOf({ from, to: first }, smaller),
    { span, from: first, to: last },
    ...piecesOf({ from: last, to }, smaller),
  ]
}
