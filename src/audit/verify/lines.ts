/** A line of a file and its number, from 1. */
export type Line = { number: number; text: string }

const lineEnd = 0x0a

/** The lines of a file, in batches as it is read: waiting once for each line would take longer than verifying it. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let number = 0
  let left: Uint8Array[] = []
  for await (const chunk of chunks) {
    const batch: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      const bytes = chunk.subarray(from, end)
      const whole = left.length === 0 ? bytes : Buffer.concat([...left, bytes])
      left = []
      batch.push({ number: ++number, text: textOf(whole) })
      from = end + 1
    }
    if (from < chunk.length) left.push(chunk.subarray(from))
    yield batch
  }
  if (left.length > 0) yield [{ number: ++number, text: textOf(Buffer.concat(left)) }]
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
