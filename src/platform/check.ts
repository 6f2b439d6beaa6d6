/**
 * One thing that `countersign doctor` looked at. `fail`: something will not work as it should. `warn`: it works, and
 * somebody should know. `remedy` is what to do about it; secrets are in neither text.
 */
export type Check = { check: string; status: 'ok' | 'warn' | 'fail'; detail: string; remedy: string | null }

export function ok(check: string, detail: string): Check {
  return { check, status: 'ok', detail, remedy: null }
}

export function warn(check: string, detail: string, remedy: string | null = null): Check {
  return { check, status: 'warn', detail, remedy }
}

export function fail(check: string, detail: string, remedy: string | null = null): Check {
  return { check, status: 'fail', detail, remedy }
}

/** What was thrown, in one line: some errors run over several, and some carry their text in `errors` only. */
export function inOneLine(error: unknown): string {
  const faults: unknown[] = error instanceof AggregateError ? error.errors : [error]
  return faults
    .map((fault) => (fault instanceof Error ? fault.message : String(fault)))
    .join('; ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
