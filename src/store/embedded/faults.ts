import { statfs } from 'node:fs/promises'

/** With less than this left, PostgreSQL can neither write its log nor say so. */
const nothingLeftBytes = 1_000_000

/** Why one of PostgreSQL's programs gave up, from what it printed: one line, without time and process number. */
export async function faultIn(output: string, folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder)
  if (output.includes('No space left on device') || bavail * bsize < nothingLeftBytes)
    return 'the disk is full'
  const line = output.split('\n').findLast((line) => /FATAL|PANIC|error/.test(line))
  return line?.replace(/^.*?(FATAL|PANIC|error):\s*/, '') ?? 'it gave no reason'
}
