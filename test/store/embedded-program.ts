import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'

export type Said = {
  url?: string
  runner_url?: string
  log?: string
  refused?: string
  interrupted?: boolean
  stopped?: boolean
}

/** A running embedded-process.ts. */
export type Program = {
  url: string
  /** The same as the user that the app runs as. */
  runner_url: string
  process: ChildProcess
  /** Everything that it logged so far. */
  logged: string[]
  /** Resolves once it says something of that kind. */
  hears(kind: keyof Said): Promise<void>
  /** Lets it stop by itself, and waits. */
  end(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
}

/** Starts the program in a process group of its own, as a terminal would. Rejects with what it was refused for. */
export async function startProgram(data_dir: string): Promise<Program> {
  const file = fileURLToPath(new URL('embedded-process.ts', import.meta.url))
  const child = spawn(process.execPath, [file, data_dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = once(child, 'exit')
  const said: Said[] = []
  const listeners = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line))
    for (const listener of listeners) listener()
  })
  async function hears(...kinds: (keyof Said)[]): Promise<Said> {
    for (;;) {
      const found = said.find((line) => kinds.some((kind) => kind in line))
      if (found) return found
      await new Promise<void>((resolve) => listeners.add(resolve))
    }
  }
  const { url, runner_url = '', refused } = await hears('url', 'refused')
  if (url === undefined) {
    await exited
    throw new Error(refused)
  }
  return {
    url,
    runner_url,
    process: child,
    get logged() {
      return said.flatMap((line) => line.log ?? [])
    },
    hears: async (kind) => void (await hears(kind)),
    async end() {
      child.stdin.end()
      await exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The rows of one statement, over a connection of its own. */
export async function ask<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}
