/** What is wrong, and where: the first thing that was found. `line` is null where it is nothing that stands in the file. */
export type Fault = {
  line: number | null
  /** The event that is concerned, and its approval; null for what belongs to none. */
  event_id: number | null
  approval_id: string | null
  what: string
}

/** Where in the file something stands, with the event of that line if it is one's. */
export type At = { line: number | null; id?: number | null; approval_id?: string | null }

export function fault({ line, id = null, approval_id = null }: At, what: string): Fault {
  return { line, event_id: id, approval_id, what }
}
