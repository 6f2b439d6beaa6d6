import type { Finding, Path } from './fault.ts'

/** A finding for each value of a list that stands there a second time. `below` leads from the value to what is pointed at. */
export function repeated(values: unknown[], base: Path, detail: string, below: Path = []): Finding[] {
  return values.flatMap((value, i) =>
    typeof value === 'string' && values.indexOf(value) < i
      ? [{ path: [...base, i, ...below], detail: `"${value}" ${detail}` }]
      : [],
  )
}
