import { chainStart, linkHex } from '../../platform/chain.ts'

/** An event as it stands in an export. `previous` is the hash before it, where the file has to say it. */
export type ExportedEvent = {
  id: number
  approval_id: string | null
  seq: number
  hash: string
  body: string
  previous?: string
}

/** Follows the chains of an export: each event must say where it belongs, and its hash must cover the one before it. */
export class Chains {
  readonly #ends = new Map<string | null, { seq: number; hash: string }>()
  readonly #begins_at_beginning: boolean

  /** @param begins_at_beginning whether the export has the first event of every chain */
  constructor(begins_at_beginning: boolean) {
    this.#begins_at_beginning = begins_at_beginning
  }

  get approvals(): number {
    return this.#ends.size - (this.#ends.has(null) ? 1 : 0)
  }

  /** Why the event does not follow, in words; null where it does. */
  follow(event: ExportedEvent): string | null {
    const { approval_id, seq, hash, body } = event
    if (!body.startsWith(beginning(event)))
      return 'its body is that of another event: it names another approval or another place in it'
    const before = this.#before(event)
    if (typeof before === 'object') return before.what
    if (linkHex(before, body) !== hash)
      return 'its hash is not that of its body and the event before it: one of them was changed'
    this.#ends.set(approval_id, { seq, hash })
    return null
  }

  /** The hash that the event must follow, or what is wrong. */
  #before({ approval_id, seq, previous }: ExportedEvent): string | { what: string } {
    const end = this.#ends.get(approval_id)
    if (!end) {
      if (seq === 1) return start
      if (this.#begins_at_beginning)
        return { what: `it is event ${seq} of its chain, and those before it are missing` }
      return (
        previous ?? { what: `it is event ${seq} of its chain, and the hash of the one before it is missing` }
      )
    }
    if (seq !== end.seq + 1)
      return { what: `it is event ${seq} of its chain, and comes after event ${end.seq}` }
    if (previous !== undefined && previous !== end.hash)
      return { what: 'it follows another event than the one before it in its chain' }
    return end.hash
  }
}

const start = Buffer.from(chainStart).toString('hex')

/** How every body begins: docs/evidence.md. */
function beginning({ approval_id, seq }: ExportedEvent): string {
  return approval_id === null
    ? '{"approval_id":null,"seq":null,"type":"'
    : `{"approval_id":"${approval_id}","seq":${seq},"type":"`
}
