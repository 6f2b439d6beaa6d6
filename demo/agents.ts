import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What an agent needs to ask and to be told. */
export type Agent = { name: string; api_key: string; callback_secret: string }

/**
 * Adds the agent as an operator would, on the command line. Its key and its secret are shown once, so that they are kept
 * under `data_dir` for the next demo.
 *
 * @throws an error in the command line tool's own words where it refuses
 */
export async function findAgent(name: string, owner: string, data_dir: string): Promise<Agent> {
  const path = join(data_dir, `demo-${name}.json`)
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return JSON.parse(kept) as Agent
  const printed = await countersign('agent', 'add', name, '--owner', owner, '--json')
  await mkdir(data_dir, { recursive: true })
  await writeFile(path, printed, { mode: 0o600 })
  return JSON.parse(printed) as Agent
}

async function countersign(...words: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, ['src/countersign.ts', ...words])).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`countersign ${words.join(' ')}: ${(stdout || stderr || String(error)).trim()}`, {
      cause: error,
    })
  }
}
