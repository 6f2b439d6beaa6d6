import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isRecord } from './blocks/check.ts'
import type { FileRecord } from './file-store.ts'
import type { ViewRecord } from './view-store.ts'
import type { WorkspaceRecord } from './workspace.ts'

/** All that a restarted sandbox needs to go on. Triggers, response URLs and sockets end with the process, as they may. */
export type StateRecord = { version: 1; workspace: WorkspaceRecord; views: ViewRecord; files: FileRecord[] }

export type Saving = { soon: () => void; close: () => Promise<void> }

const pause_ms = 250
/** A big workspace takes long to write: it is then written so much more seldom. */
const pausePerWrite = 20

function isState(value: unknown): value is StateRecord {
  return (
    isRecord(value) && value['version'] === 1 && ['workspace', 'views'].every((part) => isRecord(value[part]))
  )
}

/** What an earlier run left, or null where there is nothing. Throws on a file that is not one of ours. */
export function loadState(file: string | undefined): StateRecord | null {
  if (file === undefined) return null
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    if (isRecord(error) && error['code'] === 'ENOENT') return null
    throw error
  }
  const state: unknown = JSON.parse(content)
  if (!isState(state)) throw new Error(`${file} is not a sandbox workspace: remove or move it`)
  return state
}

/** Writes the state some time after it changed, whole or not at all, and once more on `close`. */
export function createSaving(file: string | undefined, read: () => StateRecord): Saving {
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let wait_ms = pause_ms
  let closed = false

  async function write(to: string) {
    const started = performance.now()
    await mkdir(dirname(to), { recursive: true })
    await writeFile(`${to}.new`, JSON.stringify(read()))
    await rename(`${to}.new`, to)
    wait_ms = Math.max(pause_ms, (performance.now() - started) * pausePerWrite)
  }

  function save() {
    timer = null
    if (file !== undefined) writing = writing.then(() => write(file))
    return writing
  }

  return {
    soon() {
      // A failed write must not end the process: the next change, or the end, tries again.
      if (file !== undefined && !closed)
        timer ??= setTimeout(() => void save().catch(() => (writing = Promise.resolve())), wait_ms)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await save()
    },
  }
}
