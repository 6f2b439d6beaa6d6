import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process of ours. Ended by its own number only, and by itself when this process is gone. */
export type Child = {
  pid: number
  /** Its exit code, null where a signal ended it. */
  exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  /** A line on its standard input. */
  write(line: string): void
}

/**
 * Runs a program of the product with nothing of this environment but PATH, and calls `heard` with each line that it
 * writes. In a session of its own, so that a Ctrl-C reaches only this process, which then stops it in order.
 */
export function startProgram(
  args: string[],
  options: { cwd: string; env: Record<string, string>; heard: (line: string) => void },
): Child {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', options.heard)
  // Whoever writes to a process that has just died must not die of it.
  child.stdin.on('error', () => undefined)
  return { ...handle(child), write: (line) => void child.stdin.write(`${line}\n`) }
}

/** Runs a program of this suite that speaks by messages, and that ends when this process is gone. */
export function startPart(file: string, argument: object): Child & { channel: ChildProcess } {
  const channel = fork(file, [JSON.stringify(argument)], {
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return { ...handle(channel), write: () => undefined, channel }
}

function handle(child: ChildProcess): Pick<Child, 'pid' | 'exited' | 'kill'> {
  if (child.pid === undefined) throw new Error('a process could not be started')
  return {
    pid: child.pid,
    exited: once(child, 'exit').then(([code]) => code as number | null),
    kill: (signal) => void child.kill(signal),
  }
}
