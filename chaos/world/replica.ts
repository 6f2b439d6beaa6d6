import { fileURLToPath } from 'node:url'
import { now, pause } from '../time.ts'
import { startProgram, type Child } from './child.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const leash = fileURLToPath(new URL('leash.ts', import.meta.url))

/** How a stop on SIGTERM went. */
export type Stopped = { code: number | null; took_ms: number }

/** A place for one server process: whatever ends it, the next one is started. */
export type Replica = {
  name: string
  /** Where it takes requests; null while it is down or starting. */
  url(): string | null
  /** SIGKILL, to whatever runs at this moment; false where nothing did. */
  kill(): boolean
  /** SIGTERM; null where nothing ran that could be asked. */
  terminate(): Promise<Stopped | null>
  /** Makes the process stuck for that long. */
  block(ms: number): void
  /** The same as `terminate`, and no other one is started. */
  stop(): Promise<Stopped | null>
  /** Ends it at once and for good. */
  destroy(): Promise<void>
}

export type ReplicaNews =
  | { what: 'ready'; took_ms: number }
  /** It did not get ready: the database was away, for example. */
  | { what: 'did not start' }
  /** It ended, after it was ready, and nobody had asked it to. */
  | { what: 'died'; code: number | null; last_words: string }
  | { what: 'said'; line: string }

/** Keeps a `node src/main.ts` running until it is told to stop, as an operator's supervisor would. */
export function keepReplica(
  name: string,
  env: Record<string, string>,
  tell: (news: ReplicaNews) => void,
): Replica {
  let child: Child | null = null
  let url: string | null = null
  let asked = false
  let wanted = true

  async function keepRunning() {
    while (wanted) {
      const began = now()
      asked = false
      const lines: string[] = []
      const heard = (line: string) => {
        if (lines.push(line) > 400) lines.splice(0, 200)
        const address = /"url":"(http:[^"]+)".*"msg":"ready"/.exec(line)?.[1]
        if (!address) return tell({ what: 'said', line })
        if (asked) return
        url = address
        tell({ what: 'ready', took_ms: now() - began })
      }
      child = startProgram(['--import', leash, 'src/main.ts'], { cwd: root, env, heard })
      const code = await child.exited
      if (!asked)
        tell(
          url !== null
            ? { what: 'died', code, last_words: lines.slice(-40).join('\n') }
            : { what: 'did not start' },
        )
      child = null
      url = null
      if (!asked && wanted) await pause(300)
    }
  }
  const running = keepRunning()

  async function terminate(): Promise<Stopped | null> {
    const asked_one = child
    if (!asked_one || url === null) return null
    asked = true
    const began = now()
    asked_one.kill('SIGTERM')
    // From now on it refuses new work: nobody should be sent to it.
    url = null
    const code = await asked_one.exited
    return { code, took_ms: now() - began }
  }

  const destroy = async () => {
    wanted = false
    asked = true
    child?.kill('SIGKILL')
    await running
  }
  return {
    name,
    url: () => url,
    kill() {
      if (!child || (asked && url === null)) return false
      asked = true
      url = null
      child.kill('SIGKILL')
      return true
    },
    terminate,
    block: (ms) => child?.write(`block ${ms}`),
    async stop() {
      wanted = false
      const stopped = await terminate()
      await destroy()
      return stopped
    },
    destroy,
  }
}
