/**
 * One thing that is wrong with a request. `pointer` says where: an RFC 6901 JSON pointer into the body (`''` is the
 * whole body, else it begins with `/`), `?name` for a query parameter, `{name}` for a part of the path, or a header's
 * name. `detail` is a sentence for the agent's author.
 */
export type Fault = { pointer: string; detail: string }

/** What was read, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; faults: Fault[] }

/** The faults of several checks, one of each, in the order found. */
export function faultsOf(...checks: Checked<unknown>[]): Fault[] {
  const found = new Map<string, Fault>()
  for (const check of checks) {
    if (!check.ok) for (const fault of check.faults) found.set(JSON.stringify(fault), fault)
  }
  return [...found.values()]
}
