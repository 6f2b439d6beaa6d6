const unitsInMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The longest duration that is accepted: far beyond any deadline, and safe to add to any date. */
export const longestDurationMs = 366 * unitsInMs.d

/**
 * `90s`, `30m`, `4h`, `2d`, or seconds as a number → milliseconds. Null where it is none of these, not positive, or
 * longer than 366 days.
 */
export function parseDuration(value: unknown): number | null {
  const ms = typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? fromText(value) : null
  return ms !== null && Number.isFinite(ms) && ms >= 1 && ms <= longestDurationMs ? Math.round(ms) : null
}

function fromText(text: string): number | null {
  const [, amount, unit] = /^([0-9]{1,9})([smhd])$/.exec(text) ?? []
  return amount && isUnit(unit) ? Number(amount) * unitsInMs[unit] : null
}

function isUnit(text: string | undefined): text is keyof typeof unitsInMs {
  return text !== undefined && Object.hasOwn(unitsInMs, text)
}

/**
 * Milliseconds → `90s`, `30m`, `4h`, `2d`: the largest unit that divides it. Only whole seconds can be read back: a
 * fraction stays one, as in `1.5s`.
 */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const)
    if (ms % unitsInMs[unit] === 0) return `${ms / unitsInMs[unit]}${unit}`
  return `${ms / 1_000}s`
}
