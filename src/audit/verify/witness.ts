import { readNote, type ReadNote } from '../log/note.ts'

const note = /^[^\n]+\n[0-9]{1,15}\n[A-Za-z0-9+/]{43}=\n\n(?:— [^\s+]+ [A-Za-z0-9+/=]+(?:\n|$))+/gmu

/**
 * Checkpoints that were kept elsewhere, found in a text: a file of them, a message copied from Slack, the header of a callback. By
 * size, the smallest first; none where there is no checkpoint in it.
 */
export function readWitnessed(text: string): ReadNote[] {
  const plain = text.replaceAll('\r\n', '\n').replaceAll(/^[ \t]+|[ \t]+$/gm, '')
  return [plain, ...headersIn(plain)]
    .flatMap((each) => each.match(note) ?? [])
    .flatMap((found) => readNote(found) ?? [])
    .toSorted((a, b) => a.size - b.size)
}

/** As a header carries it, a checkpoint is in base 64. */
function headersIn(text: string): string[] {
  return (text.match(/[A-Za-z0-9+/]{100,}={0,2}/g) ?? []).map((encoded) =>
    Buffer.from(encoded, 'base64').toString('utf8'),
  )
}
