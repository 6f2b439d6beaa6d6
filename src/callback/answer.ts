/** The longest wait that an endpoint may ask for. */
const longestRetryAfterMs = 24 * 3_600_000

/** What an HTTP status means for a callback (contract, section Callback). */
export function meaningOf(status: number): 'delivered' | 'gone' | 'retry' {
  if (status >= 200 && status < 300) return 'delivered'
  return status === 410 ? 'gone' : 'retry'
}

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds, or a date in the form that senders must use. → ms from
 * `now`, from 0 to 24 hours; null where there is none or it is neither.
 */
export function readRetryAfter(header: string | string[] | undefined, now: Date): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? ''
  if (/^[0-9]+$/.test(text)) return Math.min(Number(text) * 1_000, longestRetryAfterMs)
  // Date.parse alone takes almost anything for a date, `-1` for example.
  if (!/^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(text)) return null
  const date = Date.parse(text)
  if (Number.isNaN(date)) return null
  return Math.min(Math.max(date - now.getTime(), 0), longestRetryAfterMs)
}
