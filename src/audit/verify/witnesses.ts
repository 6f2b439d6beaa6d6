import type { Checkpoint, ReadNote } from '../log/note.ts'
import { fault, type At, type Fault } from './fault.ts'
import { otherRoot } from './sealed.ts'

/** The checkpoints that were kept elsewhere, each compared with the log when it is of just that size. */
export class Witnesses {
  readonly #notes: readonly ReadNote[]
  readonly #met: number[] = []
  #next = 0
  /** The first event since the last that was found to be as it was witnessed. */
  #since: At | null = null

  /** @param notes the smallest first */
  constructor(notes: readonly ReadNote[]) {
    this.#notes = notes
  }

  get met(): number[] {
    return this.#met
  }

  get unmet(): number {
    return this.#notes.length - this.#met.length
  }

  /** To be called for each size of the log, in their order; `at` is the line by which it became that. */
  meet(at: At, size: number, root: () => Uint8Array): Fault | null {
    if (at.id !== undefined) this.#since ??= at
    for (let note = this.#notes[this.#next]; note && note.size <= size; note = this.#notes[this.#next]) {
      this.#next += 1
      if (note.size < size) continue
      if (Buffer.compare(note.root, root()) !== 0)
        return otherRoot(at, `the witnessed checkpoint of size ${size}`, this.#since)
      this.#met.push(size)
      this.#since = null
    }
    return null
  }

  /** What is wrong with those that were not met, once the file was read: `newest` is the newest checkpoint in it. */
  judgeUnmet(newest: Checkpoint | null, from: number, to: number): Fault | null {
    const nowhere = { line: null }
    const reach = newest?.size ?? 0
    for (const { size, root } of this.#notes) {
      if (size > reach)
        return fault(
          nowhere,
          `a checkpoint of size ${size} was witnessed, and the log has ${reach} events: its end was cut off`,
        )
      if (size !== reach || !newest || this.#met.includes(size)) continue
      if (Buffer.compare(root, newest.root) !== 0)
        return fault(nowhere, `the witnessed checkpoint of size ${size} is of other events than this log has`)
      this.#met.push(size)
    }
    if (this.#notes.length === 0 || this.#met.length > 0) return null
    const sizes = this.#notes.map(({ size }) => size).slice(0, 5)
    return fault(
      nowhere,
      `no witnessed checkpoint (of size ${sizes.join(', ')}) is of a log between ${from} and ${to}, as the export is: export more`,
    )
  }
}
