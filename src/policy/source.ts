import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type ErrorCode,
  type Node,
  type YAMLError,
} from 'yaml'
import { alignOffset } from './align.ts'
import { printPath, type Fault, type Finding } from './fault.ts'

/** The largest document that is read, in bytes of UTF-8; far above a thousand rules. */
export const largestDocument = 256 * 1024

/** Aliases may be used, but not to blow a small text up into a huge document. */
const mostAliases = 100

/** Errors after which the reader knows where it is. */
const findsItsWay: ReadonlySet<string> = new Set<ErrorCode>([
  'DUPLICATE_KEY',
  'NON_STRING_KEY',
  'TAB_AS_INDENT',
  'TAG_RESOLVE_FAILED',
  'BAD_ALIAS',
])

/** What the reader has no words for that an author of a policy would know. */
function sayError({ code, message }: YAMLError): string {
  if (code === 'DUPLICATE_KEY') return 'stands in this map already'
  if (code === 'NON_STRING_KEY') return 'a key is one text'
  return `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

/** A document's value and where its parts stand in the text. */
export type Source = { value: unknown; locate: (finding: Finding) => Fault }

/** YAML 1.2 or JSON text → one document's value, or what keeps it from being one. */
export function readSource(text: string): { ok: true; source: Source } | { ok: false; faults: Fault[] } {
  const whole = (detail: string) => ({
    ok: false as const,
    faults: [{ line: 1, column: 1, path: '', detail }],
  })
  if (new TextEncoder().encode(text).length > largestDocument)
    return whole(`larger than ${largestDocument / 1024} KiB`)
  if (text.includes('\0')) return whole('has a NUL character in it')
  const lines = new LineCounter()
  const at = (offset: number, detail: string): Fault => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col, path: '', detail }
  }
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
    const [document, second] = Array.isArray(documents) ? documents : []
    if (!document || document.contents === null) return whole('the document is empty')
    const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
    // The reader reports the end of its stack as one more error, and then many that come of it.
    if (errors.some(({ message }) => /stack/i.test(message))) return whole('nested too deeply')
    const faults = new Map<number, Fault>()
    // Where the reader has lost its way, what follows are its guesses.
    const lost = errors.find(({ code }) => !findsItsWay.has(code))
    for (const error of errors) {
      const [offset] = error.pos
      if (error === lost || (findsItsWay.has(error.code) && offset < (lost?.pos[0] ?? Infinity)))
        faults.set(offset, at(offset, sayError(error)))
    }
    if (second)
      faults.set(second.range[0], at(second.range[0], 'a second document starts here; a policy is one'))
    const anchors = new Set<string>()
    visit(document, {
      Value(_, { anchor }) {
        if (anchor !== undefined) anchors.add(anchor)
      },
      Alias(_, node) {
        if (node.range && !anchors.has(node.source))
          faults.set(node.range[0], at(node.range[0], `there is no anchor &${node.source} above this`))
      },
      Pair(_, { key }) {
        // It would be silently left out of every map.
        if (isScalar(key) && key.value === '__proto__' && key.range)
          faults.set(key.range[0], at(key.range[0], 'unknown field "__proto__"'))
      },
    })
    if (faults.size > 0) return { ok: false, faults: [...faults.values()] }
    const value: unknown = document.toJS({ maxAliasCount: mostAliases })
    return { ok: true, source: { value, locate: (finding) => locate(text, document, lines, finding) } }
  } catch (error) {
    // The reader throws for too many aliases, and for nesting beyond its stack.
    return whole(error instanceof RangeError ? 'nested too deeply' : `more than ${mostAliases} aliases`)
  }
}

function locate(text: string, document: Document, lines: LineCounter, finding: Finding): Fault {
  let node: Node | null = document.contents
  let key: Node | null = node
  for (const step of finding.path) {
    const parent: unknown = isAlias(node) ? node.resolve(document) : node
    if (isMap<Node, Node | null>(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      if (!pair) break
      key = pair.key
      node = pair.value
    } else if (isSeq<Node>(parent) && parent.items[Number(step)]) {
      node = parent.items[Number(step)] ?? null
      key = node
    } else break
  }
  const shown = finding.on_key ? key : (node ?? key)
  const start =
    finding.offset !== undefined && isScalar(node)
      ? alignOffset(text, node, finding.offset)
      : (shown?.range?.[0] ?? 0)
  const { line, col } = lines.linePos(start)
  return { line, column: col, path: printPath(finding.path), detail: finding.detail }
}
