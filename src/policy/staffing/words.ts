import type { Gap } from './gaps.ts'
import { wallTime } from './week.ts'

/**
 * `refunds-over-100: Sat 18:00 to Mon 09:00, nobody in finance`.
 *
 * @param of how many stages the rule has: of one it needs not be said which
 * @param zoned whether the document has hours of several time zones
 */
export function gapWords(
  rule: string,
  { stage, spans, why, timezone }: Gap,
  of: number,
  zoned: boolean,
  now: Date,
): string {
  const which = of === 1 ? rule : `${rule}, stage ${stage + 1}`
  const zone = timezone ?? 'UTC'
  const when = spans?.map(({ from, to }) => `${wallTime(from, zone, now)} to ${wallTime(to, zone, now)}`)
  if (!when) return `${which}: at any hour, ${why}`
  return `${which}: ${when.join(', ')}${zoned ? ` (${zone})` : ''}, ${why}`
}
