import { readNote, type ReadNote } from '../log/note.ts'
import { GrowingTree, isConsistent } from '../log/tree.ts'
import { fault, type At, type Fault } from './fault.ts'
import type { Trust } from './trust.ts'

/** The tree over the leaves as they are read, and what was signed of it. */
export class SealedLeaves {
  readonly #origin: string
  readonly #trust: Trust
  readonly #tree: GrowingTree
  /** The first leaf that no checkpoint covers yet. */
  #uncovered: At | null = null
  #newest: ReadNote | null = null

  constructor(origin: string, trust: Trust, tree: GrowingTree) {
    this.#origin = origin
    this.#trust = trust
    this.#tree = tree
  }

  get size(): number {
    return this.#tree.size
  }

  get newest(): ReadNote | null {
    return this.#newest
  }

  get isCovered(): boolean {
    return this.#uncovered === null
  }

  root(): Uint8Array {
    return this.#tree.root()
  }

  add(at: At, leaf: Uint8Array): void {
    this.#tree.add(leaf)
    this.#uncovered ??= at
  }

  /** A checkpoint that must be of just these leaves. */
  cover(at: At, text: string | null): Fault | null {
    const read = this.#read(at, text)
    if ('fault' in read) return read.fault
    const { note } = read
    if (note.size !== this.size)
      return fault(
        at,
        `the checkpoint is of size ${note.size} and stands after ${this.size} events of the log`,
      )
    if (Buffer.compare(note.root, this.root()) !== 0)
      return otherRoot(at, `the checkpoint of size ${note.size}`, this.#uncovered)
    this.#newest = note
    this.#uncovered = null
    return null
  }

  /** A later checkpoint, proven to be of a log that begins with these leaves. */
  extend(at: At, text: string | null, proof: Uint8Array[] | null): Fault | null {
    const read = this.#read(at, text)
    if ('fault' in read) return read.fault
    const { note } = read
    const here = { size: this.size, root: this.root() }
    if (!proof || note.size <= here.size || !isConsistent(here, note, proof))
      return fault(
        at,
        `the newest checkpoint, of size ${note.size}, is not shown to be of a log that begins with these events`,
      )
    this.#newest = note
    return null
  }

  #read(at: At, text: string | null): { note: ReadNote } | { fault: Fault } {
    const note = text === null ? null : readNote(text)
    if (!note) return { fault: fault(at, 'it is not a checkpoint in a signed note') }
    if (note.origin !== this.#origin)
      return { fault: fault(at, `the checkpoint is of another log, ${note.origin}`) }
    const why = this.#trust.judge(note)
    if (why === null) return { note }
    return { fault: fault(at, `the checkpoint of size ${note.size} is not to be trusted: ${why}`) }
  }
}

/** Names the first of the events that a signed root was to be of, and is not. */
export function otherRoot(at: At, which: string, since: At | null): Fault {
  return since === null
    ? fault(at, `${which} has another root than these events`)
    : fault(
        since,
        `this event, or one after it up to line ${at.line}, is not the one that was sealed: ${which} has another root`,
      )
}
