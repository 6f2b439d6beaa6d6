import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type AppProcess = {
  child: ChildProcess
  url: string
  stdout: string[]
  /** Resolves once it has printed a line. */
  prints(line: string): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
}

/** The server as an operator runs it, in a process of its own. Resolves when it says that it is ready. */
export async function startProcess(env: Record<string, string>): Promise<AppProcess> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stdout: string[] = []
  const stderr: string[] = []
  const exited = once(child, 'exit')
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout.push(line)
      child.emit('printed')
      const address = /(http:\/\/[^ ]+)\/sandbox/.exec(line)?.[1]
      if (address) resolve(address)
    })
    createInterface({ input: child.stderr }).on('line', (line) => {
      stderr.push(line)
      const address = /"url":"([^"]+)".*"msg":"ready"/.exec(line)?.[1]
      if (address) resolve(address)
    })
  })
  const url = await Promise.race([
    ready,
    exited.then(() => {
      throw new Error(`the server did not start:\n${stderr.join('\n')}`)
    }),
  ])
  return {
    child,
    url,
    stdout,
    async prints(line) {
      while (!stdout.includes(line)) await once(child, 'printed')
    },
    async kill(signal) {
      child.kill(signal)
      await exited
    },
  }
}
