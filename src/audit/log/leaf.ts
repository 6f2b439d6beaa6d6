import { leafHash } from './tree.ts'

/** What a leaf of the log stands for. The chain hash, in hexadecimal digits, covers the event's body and every event of its chain before it. */
export type LeafOf = { id: number; approval_id: string | null; seq: number; hash: string }

/** The hash of an event's leaf: five lines that say which event it is, of which chain, in which place, with which bytes. */
export function eventLeaf({ id, approval_id, seq, hash }: LeafOf): Buffer {
  return leafHash(`countersign event v1\n${id}\n${approval_id ?? '-'}\n${seq}\n${hash}\n`)
}
