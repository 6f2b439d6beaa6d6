import { createReadStream } from 'node:fs'
import { open, readFile, rename, unlink } from 'node:fs/promises'
import { isNativeError } from 'node:util/types'
import { readVerifierKey, readWitnessed, verifyExport, type Verified } from '../audit/index.ts'
import { refused, type Command } from './command.ts'

/** Lines are written in pieces of about this many characters. */
const piece = 256 * 1_024

export const auditExport: Command = {
  usage: 'audit export [--since WHEN] [--until WHEN] [--out FILE]',
  about:
    'the log with its proofs, as lines of JSON, to a file or standard output; WHEN is 2026-11-22, a time, or how long ago: 7d',
  options: ['since', 'until', 'out'],
  words: { least: 0, most: 0 },
  async run({ audit }, { values }) {
    const { since, until, out } = values
    const span = audit.span({ since: textOf(since), until: textOf(until) })
    if ('refused' in span) return refused(span.refused)
    const lines = audit.export(span, toldOnStandardError())
    if (typeof out !== 'string') {
      await writeAll(lines, toStandardOutput)
      return { ok: true, lines: [], json: null, is_streamed: true }
    }
    try {
      const written = await toFile(out, lines)
      return {
        ok: true,
        lines: [`Wrote ${counted(written, 'line')} to ${out}`],
        json: { file: out, lines: written },
      }
    } catch (error) {
      if (!isOfFiles(error)) throw error
      return refused(`${out} cannot be written: ${error.message}`)
    }
  },
}

export const auditKeys: Command = {
  usage: 'audit keys',
  about:
    'the keys that checkpoints are and were signed with, as audit verify --key takes them; the newest last',
  options: [],
  words: { least: 0, most: 0 },
  async run({ audit }) {
    const keys = await audit.verifierKeys()
    return { ok: true, lines: keys.length > 0 ? keys : ['Nothing was sealed yet.'], json: keys }
  },
}

export const auditVerify: Command = {
  usage: 'audit verify FILE [--checkpoint FILE_OR_TEXT] [--key KEY]',
  about:
    'whether an export is whole and unchanged; without any database. Held against a checkpoint that was kept elsewhere, and the log’s key',
  options: ['checkpoint', 'key'],
  words: { least: 1, most: 1 },
  async offline({ values, words: [file = ''] }) {
    const key = typeof values['key'] === 'string' ? readVerifierKey(values['key']) : null
    if (values['key'] !== undefined && key === null)
      return refused('The key is one as countersign audit keys prints it: NAME+ID+KEY, Ed25519')
    const witnessed = await witnessedIn(values['checkpoint'])
    if ('refused' in witnessed) return refused(witnessed.refused)
    try {
      const verdict = await verifyExport(createReadStream(file, { highWaterMark: piece }), {
        key,
        witnessed: witnessed.notes,
      })
      if (verdict.ok) return { ok: true, lines: goodWords(verdict, key !== null), json: verdict }
      return { ok: false, lines: [badWords(verdict)], json: verdict, is_report: true }
    } catch (error) {
      if (!isOfFiles(error)) throw error
      return refused(`${file} cannot be read: ${error.message}`)
    }
  },
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null
}

/** Told once for so many events. */
const toldEach = 50_000

function toldOnStandardError() {
  let told = 0
  return ({ done, of }: { done: number; of: number }) => {
    if (done - told < toldEach && done < of) return
    told = done
    process.stderr.write(`exported ${done.toLocaleString('en')} of ${counted(of, 'event')}\n`)
  }
}

/** Writes beside the file and renames: a file of that name is an export as a whole or not there. */
async function toFile(path: string, lines: AsyncIterable<string>): Promise<number> {
  const beside = `${path}.part`
  const file = await open(beside, 'w', 0o600)
  try {
    const written = await writeAll(lines, async (text) => void (await file.write(text)))
    await file.sync()
    await file.close()
    await rename(beside, path)
    return written
  } catch (error) {
    await file.close().catch(() => undefined)
    await unlink(beside).catch(() => undefined)
    throw error
  }
}

async function writeAll(
  lines: AsyncIterable<string>,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let count = 0
  let text = ''
  for await (const line of lines) {
    count += 1
    text += `${line}\n`
    if (text.length < piece) continue
    await write(text)
    text = ''
  }
  await write(text)
  return count
}

async function toStandardOutput(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(text, (error) => (error ? reject(error) : resolve())),
  )
}

/** `checkpoint` is the text itself or the name of a file that holds it, also among other things. */
async function witnessedIn(checkpoint: string | boolean | undefined) {
  if (typeof checkpoint !== 'string') return { notes: [] }
  const text = checkpoint.includes('\n')
    ? checkpoint
    : await readFile(checkpoint, 'utf8').catch(() => checkpoint)
  const notes = readWitnessed(text)
  return notes.length > 0
    ? { notes }
    : { refused: 'There is no checkpoint in what --checkpoint names: a file, or the text of one' }
}

function goodWords(found: Verified, has_key: boolean): string[] {
  const { origin, from, to, events, approvals, checkpoints, unsealed, witnessed, unreached } = found
  const of = from === 0 ? 'from its beginning' : `from event ${from.toLocaleString('en')} on`
  return [
    `Good: ${counted(events, 'event')} of ${counted(approvals, 'approval')} are as they were written, in their order, and none is missing.`,
    `The log ${origin}, ${of} up to ${to.toLocaleString('en')}, under ${counted(checkpoints, 'checkpoint')}.`,
    ...(unsealed > 0
      ? [`${counted(unsealed, 'event')} at the end, not sealed yet: only their chains could be checked.`]
      : []),
    ...(witnessed.length > 0
      ? [
          `It agrees with ${counted(witnessed.length, 'witnessed checkpoint')}, up to size ${Math.max(...witnessed)}.`,
        ]
      : []),
    ...(unreached > 0
      ? [
          `${counted(unreached, 'witnessed checkpoint')} could not be compared: this export does not reach them.`,
        ]
      : []),
    ...(witnessed.length === 0 && !has_key
      ? [
          'It was held against nothing but itself. Whoever had both the database and its key could have made it anew: compare with a checkpoint from Slack, a callback or CHECKPOINT_FILE (--checkpoint).',
        ]
      : []),
  ]
}

function badWords(found: {
  line: number | null
  event_id: number | null
  approval_id: string | null
  what: string
}) {
  const { line, event_id, approval_id, what } = found
  const where = [
    ...(line === null ? [] : [`line ${line}`]),
    // Of one whose row is gone it is not known what it belonged to.
    ...(event_id === null ? [] : [`event ${event_id}${approval_id === null ? '' : ` of ${approval_id}`}`]),
  ]
  return `BAD${where.length > 0 ? ` at ${where.join(', ')}` : ''}: ${what}`
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

// Not `instanceof`: errors of Node itself are of another realm under Jest.
function isOfFiles(error: unknown): error is NodeJS.ErrnoException {
  return isNativeError(error) && 'code' in error && 'syscall' in error
}
