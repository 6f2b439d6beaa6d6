/**
 * One thing that is wrong with a request. `pointer` says where: an RFC 6901 JSON pointer into the body (`''` is the
 * whole body, else it begins with `/`), `?name` for a query parameter, `{name}` for a part of the path, or a header's
 * name. `detail` is a sentence for the agent's author.
 */
export type Fault = { pointer: string; detail: string }

/** What was read, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; faults: Fault[] }

/** More faults than anyone repairs in one go: no answer names more, so that it stays small whatever was sent. */
export const maxFaults = 100

/** Pointers are cut at the nearest place whose own pointer is no longer than this, in UTF-16 units. */
const longestPointer = 1_000

/** The RFC 6901 pointer to `path`, or to the nearest place above it where that would be longer than an answer should be. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  let pointer = ''
  for (const step of path) {
    const longer = `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (longer.length > longestPointer) break
    pointer = longer
  }
  return pointer
}

/** The faults of several checks, one of each, in the order found. */
export function faultsOf(...checks: Checked<unknown>[]): Fault[] {
  const found = new Map<string, Fault>()
  for (const check of checks) {
    if (!check.ok) for (const fault of check.faults) found.set(JSON.stringify(fault), fault)
  }
  return [...found.values()]
}
