import { eventLeaf } from '../log/leaf.ts'
import type { ReadNote, Verifier } from '../log/note.ts'
import { GrowingTree } from '../log/tree.ts'
import { Chains } from './chains.ts'
import { fault, type At, type Fault } from './fault.ts'
import { countIn, eventIn, fieldsIn, hashesIn, placeOf, textIn, type Fields } from './fields.ts'
import { linesOf } from './lines.ts'
import { SealedLeaves } from './sealed.ts'
import { readKeys, Trust } from './trust.ts'
import { Witnesses } from './witnesses.ts'

/** What an export was found to be. Leaves `from` to before `to` of the log are in it. */
export type Verified = {
  origin: string
  from: number
  to: number
  events: number
  approvals: number
  checkpoints: number
  /** Events that were written and not sealed yet: their chains hold, and no checkpoint covers them. */
  unsealed: number
  /** The sizes of the witnessed checkpoints that are of this log; and how many the file does not reach. */
  witnessed: number[]
  unreached: number
  /** The newest checkpoint in the file, without its signatures. */
  checkpoint: string | null
}

export type Verdict = ({ ok: true } & Verified) | ({ ok: false } & Fault)

/** What an export is held against: a key that is known otherwise, checkpoints that were kept elsewhere, the smallest first. */
export type Against = { key: Verifier | null; witnessed: readonly ReadNote[] }

/**
 * Verifies an export, from nothing but its bytes and what it is held against. Stops at the first thing that is wrong. What is in
 * memory grows with the number of approvals, and with nothing else.
 */
export async function verifyExport(chunks: AsyncIterable<Uint8Array>, against: Against): Promise<Verdict> {
  let verification: Verification | null = null
  let line = 0
  for await (const batch of linesOf(chunks))
    for (const { number, text } of batch) {
      line = number
      const fields = fieldsIn(text)
      if (!fields) return wrong(fault({ line }, 'it is not a JSON object'))
      const found: Verification | Fault | null = verification
        ? verification.take(number, fields)
        : begin(number, fields, against)
      if (found instanceof Verification) verification = found
      else if (found) return wrong(found)
    }
  if (!verification) return wrong(fault({ line: null }, 'the file is empty'))
  const left = verification.close(line)
  return left ? wrong(left) : { ok: true, ...verification.verified() }
}

function wrong(found: Fault): Verdict {
  return { ok: false, ...found }
}

function begin(line: number, fields: Fields, { key, witnessed }: Against): Verification | Fault {
  const at = { line }
  if (fields.kind !== 'header') return fault(at, 'the export does not begin with its header')
  const version = fields['countersign_audit_export']
  if (version !== 1)
    return fault(at, `it is an export of version ${JSON.stringify(version)}, and not of version 1`)
  const origin = textIn(fields, 'origin')
  const [from, to] = [countIn(fields, 'from'), countIn(fields, 'to')]
  const [keys, peaks] = [readKeys(fields['keys']), hashesIn(fields, 'peaks')]
  const tree = from === null || peaks === null ? null : GrowingTree.from(from, peaks)
  if (origin === null || from === null || to === null || to < from || !keys || !tree)
    return fault(at, 'the header lacks what it must have')
  for (const note of witnessed) {
    if (note.origin !== origin) return fault(at, `the witnessed checkpoint is of another log, ${note.origin}`)
    if (new Trust(keys, null).judge(note) !== null && new Trust(keys, key).judge(note) !== null)
      return fault(at, `the witnessed checkpoint of size ${note.size} is signed by none of this log's keys`)
  }
  const trust = new Trust(keys, key)
  const sealed = new SealedLeaves(origin, trust, tree)
  const witnesses = new Witnesses(witnessed)
  const verification = new Verification({ origin, from, to }, trust, sealed, witnesses)
  const covered = from > 0 ? sealed.cover(at, textIn(fields, 'checkpoint')) : null
  return covered ?? witnesses.meet(at, from, () => sealed.root()) ?? verification
}

class Verification {
  readonly #header: { origin: string; from: number; to: number }
  readonly #trust: Trust
  readonly #sealed: SealedLeaves
  readonly #witnesses: Witnesses
  readonly #chains: Chains
  readonly #count = { events: 0, checkpoints: 0, unsealed: 0 }
  #has_ended = false

  constructor(
    header: { origin: string; from: number; to: number },
    trust: Trust,
    sealed: SealedLeaves,
    witnesses: Witnesses,
  ) {
    this.#header = header
    this.#trust = trust
    this.#sealed = sealed
    this.#witnesses = witnesses
    this.#chains = new Chains(header.from === 0)
  }

  take(line: number, fields: Fields): Fault | null {
    const at = { line }
    if (this.#has_ended) return fault(at, 'it comes after the line that ends the export')
    switch (fields.kind) {
      case 'event':
        return this.#event(placeOf(line, fields), fields)
      case 'checkpoint':
        this.#count.checkpoints += 1
        return this.#sealed.cover(at, textIn(fields, 'note'))
      case 'consistency':
        return this.#sealed.extend(at, textIn(fields, 'note'), hashesIn(fields, 'proof'))
      case 'missing':
        return fault(placeOf(line, fields), 'it was sealed into the log, and is gone from the database')
      case 'stray':
        return fault(placeOf(line, fields), 'it is in the database and not in the log, though a later one is')
      case 'unsealed':
        this.#count.unsealed += 1
        return this.#unsealed(placeOf(line, fields), fields)
      case 'end':
        this.#has_ended = true
        return this.#end(at, fields)
      default:
        return fault(at, `its kind ${JSON.stringify(fields.kind)} is not known`)
    }
  }

  #event(at: At, fields: Fields): Fault | null {
    const event = eventIn(fields)
    const leaf = countIn(fields, 'leaf')
    if (!event || leaf === null) return fault(at, 'the event lacks what it must have')
    const { size } = this.#sealed
    if (leaf > size) return fault(at, `it is leaf ${leaf} of the log, and leaf ${size} before it is missing`)
    if (leaf < size) return fault(at, `it is leaf ${leaf} of the log, where leaf ${size} must stand`)
    if (leaf >= this.#header.to) return fault(at, `it is beyond the end of the export, ${this.#header.to}`)
    const unchained = this.#chains.follow(event)
    if (unchained !== null) return fault(at, unchained)
    const hash = eventLeaf(event)
    if (hash.toString('hex') !== fields['leaf_hash'])
      return fault(at, 'it is not the event that was sealed in this place: its leaf is another')
    if (event.approval_id === null && event.body.startsWith(keyRotated))
      this.#trust.announce(leaf, event.body)
    this.#sealed.add(at, hash)
    this.#count.events += 1
    return this.#witnesses.meet(at, this.#sealed.size, () => this.#sealed.root())
  }

  #unsealed(at: At, fields: Fields): Fault | null {
    const event = eventIn(fields)
    const unchained = event ? this.#chains.follow(event) : 'the event lacks what it must have'
    return unchained === null ? null : fault(at, unchained)
  }

  #end(at: At, fields: Fields): Fault | null {
    const { from, to } = this.#header
    const { size, isCovered } = this.#sealed
    if (size !== to)
      return fault(
        at,
        `the export is of the log up to ${to}, and ends at ${size}: its last events are missing`,
      )
    for (const [what, count] of Object.entries(this.#count))
      if (fields[what] !== count)
        return fault(at, `it counts ${JSON.stringify(fields[what])} ${what}, and there are ${count}`)
    return to > from && !isCovered ? fault(at, 'no checkpoint covers the last events') : null
  }

  /** What is wrong once the file was read, up to this line. */
  close(line: number): Fault | null {
    if (!this.#has_ended) return fault({ line }, 'the file ends here, before the end of the export')
    const { newest } = this.#sealed
    if (newest && !this.#trust.isProven)
      return fault({ line: null }, 'nothing in the file is signed by the key that was given')
    return this.#witnesses.judgeUnmet(newest, this.#header.from, this.#header.to)
  }

  verified(): Verified {
    return {
      ...this.#header,
      ...this.#count,
      approvals: this.#chains.approvals,
      witnessed: this.#witnesses.met,
      unreached: this.#witnesses.unmet,
      checkpoint: this.#sealed.newest?.text ?? null,
    }
  }
}

const keyRotated = '{"approval_id":null,"seq":null,"type":"key.rotated"'
