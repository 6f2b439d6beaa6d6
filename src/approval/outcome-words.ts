import type { ReportedOutcome } from './approval.ts'

/** The figures of a reported outcome, as people read them: only those that there are. */
export function outcomeFigures({ attempts, duration_ms, cost, tokens }: ReportedOutcome): string[] {
  return [
    ...(attempts === null ? [] : [attempts === 1 ? '1 attempt' : `${attempts} attempts`]),
    ...(duration_ms === null ? [] : [durationWords(duration_ms)]),
    ...(cost === null ? [] : [`${cost.amount} ${cost.currency}`]),
    ...(tokens === null ? [] : [`${tokens.input} tokens in, ${tokens.output} out`]),
  ]
}

function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.round(ms / 60_000)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
