/** A place in a document: map keys and list positions from its root. */
export type Path = readonly (string | number)[]

/** Something about a policy document that its author must know. `line` and `column` count from 1. */
export type Fault = {
  line: number
  column: number
  /** Like `rules[2].stages[0].role`; empty for the document as a whole. */
  path: string
  detail: string
}

/** A fault before its place in the text is looked up. */
export type Finding = {
  path: Path
  detail: string
  /** Points at the key at the end of `path`, not at its value. */
  on_key?: boolean
  /** Points into the text value at `path`, in UTF-16 code units from its start. */
  offset?: number
}

/** `['rules', 2, 'when']` → `rules[2].when`. */
export function printPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[A-Za-z_][\w-]*$/.test(step)) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

export function inReadingOrder(a: Fault, b: Fault): number {
  return a.line - b.line || a.column - b.column
}
