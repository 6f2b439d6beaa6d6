import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readVerifierKey } from '../../src/audit/log/note.ts'
import { verifyExport, type Verdict } from '../../src/audit/verify/verify.ts'
import { readWitnessed } from '../../src/audit/verify/witness.ts'

const program = fileURLToPath(new URL('../../bin/verify-audit.py', import.meta.url))

/** What an export is held against, as it is typed. */
export type Typed = { key?: string; checkpoint?: string }

export type Both = { ours: Verdict; second: Verdict }

/**
 * What our verifier and the second one say of an export. The second is Python and OpenSSL: a machine without them cannot test it, and a
 * run that left it out must not look like one that passed.
 */
export async function verifyWithBoth(file: string, typed: Typed = {}): Promise<Both> {
  const key = typed.key === undefined ? null : readVerifierKey(typed.key)
  const witnessed = readWitnessed(typed.checkpoint ?? '')
  const ours = await verifyExport(createReadStream(file), { key, witnessed })
  if (process.env.WITHOUT_SECOND_VERIFIER === '1') return { ours, second: ours }
  return { ours, second: await second(file, typed) }
}

async function second(file: string, { key, checkpoint }: Typed): Promise<Verdict> {
  const asked = [program, file, '--json']
  if (key !== undefined) asked.push('--key', key)
  if (checkpoint !== undefined) {
    await writeFile(`${file}.checkpoint`, checkpoint)
    asked.push('--checkpoint', `${file}.checkpoint`)
  }
  return new Promise((resolve, reject) => {
    execFile('python3', asked, { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (stdout !== '') return resolve(JSON.parse(stdout) as Verdict)
      const why = error && 'code' in error && error.code === 'ENOENT' ? 'there is no python3' : stderr.trim()
      reject(
        new Error(
          `the second verifier of the audit log could not run: ${why}. It needs python3 and OpenSSL 3. ` +
            'Where they cannot be had, WITHOUT_SECOND_VERIFIER=1 leaves it out of the tests',
        ),
      )
    })
  })
}
