import type { Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Ground } from './ground.ts'
import type { Runner } from './jobs/runner.ts'
import type { Sandbox } from './sandbox/index.ts'
import type { Listener } from './store/listen.ts'

/** What of the app runs, as far as its start has come. */
export type Running = {
  server: Server
  ground?: Ground
  sandbox?: Sandbox
  slack?: { stop(): Promise<void> }
  listener?: Listener
  runner?: Runner
  sealing?: { stop(): Promise<void> }
  folding?: { stop(): Promise<void> }
}

/** How long a stop waits for what is under way. With what follows it is below 10 s, after which many supervisors kill. */
export const drainMs = 8_000

/** How long it then waits, at the least, for connections, and an embedded database, to close. */
const closeMs = 1_500

/**
 * Refuses new work, waits `drain_ms` at most for what is under way, and lets go of everything, for which there is the time
 * that is left: on a busy machine a database takes a while to shut down. A job that is not
 * finished by then is run again by whoever lives: letting go frees the lock that says that its holder does.
 */
export async function stopApp(running: Running, drain_ms: number): Promise<void> {
  const over = performance.now() + drain_ms + closeMs
  try {
    await within(drain_ms, drain(running))
  } finally {
    running.server.closeAllConnections()
    await within(over - performance.now(), close(running))
  }
}

async function drain({ server, ground, slack, runner, sealing, folding, sandbox }: Running): Promise<void> {
  const closed = closeServer(server)
  ground?.decided.close()
  await Promise.all([slack?.stop(), runner?.stop(), sealing?.stop(), folding?.stop()])
  // Ends the browsers' event streams, which would keep the server open.
  await sandbox?.close()
  await closed
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
}

/** The last first, and each of them whatever becomes of the others. */
async function close({ ground, listener, sandbox }: Running): Promise<void> {
  const all = new AsyncDisposableStack()
  if (ground) all.defer(ground.close)
  if (listener) all.defer(listener.close)
  if (sandbox) all.defer(sandbox.close)
  await all.disposeAsync()
}

/** Waits for `work`, but not for longer than `ms`: then it goes on by itself. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController()
  await Promise.race([work, pause(ms, undefined, { signal: over.signal })]).finally(() => over.abort())
}
