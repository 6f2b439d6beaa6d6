import { isSignedBy, readVerifierKey, type ReadNote, type Verifier } from '../log/note.ts'

/**
 * Which keys may have signed. A key that was given is trusted, and so is one that the log tells of, as the next one, in events that
 * a trusted key has signed; from then on, that one alone. What comes before the first trusted signature is covered by it. Without
 * a given key, those that the file names are taken at its word.
 */
export class Trust {
  readonly #named: Verifier[]
  readonly #is_given: boolean
  #trusted: Verifier[]
  #announced: { leaf: number; key: Verifier }[] = []
  #has_signed = false

  constructor(named: Verifier[], given: Verifier | null) {
    this.#named = named
    this.#is_given = given !== null
    this.#trusted = given ? [given] : named
  }

  /** Why the checkpoint's signature is not good, in words; null where it is. */
  judge(note: ReadNote): string | null {
    if (this.#trusted.some((key) => isSignedBy(note, key))) {
      this.#has_signed = true
      if (this.#is_given) this.#goOn(note.size)
      return null
    }
    if (!this.#has_signed && this.#isNamed(note)) return null
    return this.#isNamed(note)
      ? 'it is not signed by a key that is to be trusted'
      : 'its signature is not good'
  }

  /** An event that says which key signs next. */
  announce(leaf: number, body: string): void {
    const { purpose, public: x } = (JSON.parse(body) as { data: { purpose?: string; public?: string } }).data
    const name = this.#trusted[0]?.name
    if (purpose !== 'checkpoint' || typeof x !== 'string' || name === undefined) return
    this.#announced.push({ leaf, key: { name, public: x } })
  }

  /** Whether anything was signed by a key that was given, or by one that followed it. */
  get isProven(): boolean {
    return !this.#is_given || this.#has_signed
  }

  #isNamed(note: ReadNote): boolean {
    return this.#named.some((key) => isSignedBy(note, key))
  }

  #goOn(size: number): void {
    const known = this.#announced.filter(({ leaf }) => leaf < size)
    const newest = known.at(-1)
    if (!newest) return
    this.#trusted = [newest.key]
    this.#announced = this.#announced.slice(known.length)
  }
}

/** Null where one of them is no key. */
export function readKeys(texts: unknown): Verifier[] | null {
  if (!Array.isArray(texts)) return null
  const keys = texts.map((text) => (typeof text === 'string' ? readVerifierKey(text) : null))
  return keys.every((key) => key !== null) ? keys : null
}
