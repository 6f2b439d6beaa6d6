import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** One of `bench/programs` in a process of its own. */
export type Program = {
  /** Sends a message and resolves with the answer to it. Throws where the program ends first. */
  ask<Answer>(message: object): Promise<Answer>
  /** Everything that it says, asked or not. */
  onSaid(listener: (message: unknown) => void): void
  /** As a crash would. */
  kill(): Promise<void>
  /** Lets it end by itself. */
  end(): Promise<void>
}

/** Resolves once the program has said its first word, which it does when it is ready. */
export async function startProgram(name: string, setting: object): Promise<Program> {
  const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url))
  const child = fork(file, [JSON.stringify(setting)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await answer(child, name)
  const gone = () => child.exitCode !== null || child.signalCode !== null
  return {
    async ask<Answer>(message: object) {
      child.send(message)
      return (await answer(child, name)) as Answer
    },
    onSaid: (listener) => void child.on('message', listener),
    async kill() {
      if (gone()) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    async end() {
      if (gone()) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

function answer(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the program ${name} ended before it answered`))
    const said = (message: { answer?: unknown }) => {
      // Other words come in between: what a program says unasked has no `answer`.
      if (message.answer === undefined) return
      child.off('message', said)
      child.off('exit', ended)
      resolve(message.answer)
    }
    child.on('message', said)
    child.once('exit', ended)
  })
}
