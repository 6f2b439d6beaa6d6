/** One Web API call as it was made and answered. `answer` is null where a fault kept it from being handled. */
export type Call = {
  method: string
  args: Record<string, unknown>
  at: Date
  answer: Record<string, unknown> | null
}

/** Older calls are forgotten beyond this many. */
const kept = 5000

export function createCallLog() {
  let calls: Call[] = []
  return {
    add(call: Call) {
      calls.push(call)
      // Cut by halves, so that a busy log is not copied at every call.
      if (calls.length > 2 * kept) calls = calls.slice(-kept)
    },
    /** The newest last; only those of `method` where it is given. */
    list: (method?: string): Call[] =>
      calls.slice(-kept).filter((call) => method === undefined || call.method === method),
  }
}
