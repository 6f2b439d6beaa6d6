import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { linesOf } from '../../src/audit/verify/lines.ts'
import { verifyExport } from '../../src/audit/verify/verify.ts'
import { answerEach } from './said.ts'

// Verifies an export: with our verifier, with the second one, and, as what no verifier can do without, only reads its lines as JSON.

export type Verifying = 'ours' | 'second' | 'read'

const second = fileURLToPath(new URL('../../bin/verify-audit.py', import.meta.url))
const open = (file: string) => createReadStream(file, { highWaterMark: 256 * 1_024 })

const verify: Record<Verifying, (file: string) => Promise<void>> = {
  async ours(file) {
    const verdict = await verifyExport(open(file), { key: null, witnessed: [] })
    if (!verdict.ok) throw new Error(`our verifier says: ${verdict.what}`)
  },
  async second(file) {
    await promisify(execFile)('python3', [second, file])
  },
  async read(file) {
    for await (const batch of linesOf(open(file))) for (const { text } of batch) JSON.parse(text)
  },
}

answerEach(async (message) => {
  const { arm, file } = message as { arm: Verifying; file: string }
  const began = performance.now()
  await verify[arm](file)
  return { seconds: (performance.now() - began) / 1_000 }
})
