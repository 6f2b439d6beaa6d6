import { fileURLToPath } from 'node:url'
import type { Fault } from '../../src/sandbox/index.ts'
import { startPart } from './child.ts'
import type { Answer, Ask, Deed, FromSlack, PostedCard, Seen, SlackArgument } from './slack-messages.ts'

export type SlackProcess = {
  api_url: string
  make(deed: Deed): Promise<Seen>
  /** Resolves to the fault's id, for `clear`. */
  inject(fault: Fault): Promise<string>
  clear(fault_id: string): Promise<void>
  report(): Promise<Answer['report']>
  stop(): Promise<void>
}

/** The strict sandbox in a process of its own; `posted` is called with every card that it took. */
export async function startSlack(
  argument: SlackArgument,
  posted: (card: PostedCard) => void,
): Promise<SlackProcess> {
  const part = startPart(fileURLToPath(new URL('slack-program.ts', import.meta.url)), argument)
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  let count = 0
  const api_url = await new Promise<string>((resolve, reject) => {
    void part.exited.finally(() => {
      const gone = new Error('the sandbox is gone')
      reject(gone)
      for (const each of waiting.values()) each.reject(gone)
    })
    part.channel.on('message', (message) => {
      const heard = message as FromSlack
      if ('api_url' in heard) resolve(heard.api_url)
      else if ('posted' in heard) posted(heard.posted)
      else {
        waiting.get(heard.number)?.resolve(heard.answer as never)
        waiting.delete(heard.number)
      }
    })
  })

  function ask<A extends Ask>(asked: A): Promise<Answer[A['do']]> {
    return new Promise((resolve, reject) => {
      count += 1
      waiting.set(count, { resolve, reject })
      part.channel.send({ number: count, ask: asked }, (error) => error && reject(error))
    })
  }

  return {
    api_url,
    make: (deed) => ask({ do: 'deed', deed }),
    inject: async (fault) => (await ask({ do: 'inject', fault })).fault_id,
    async clear(fault_id) {
      await ask({ do: 'clear', fault_id })
    },
    report: () => ask({ do: 'report' }),
    async stop() {
      if (part.channel.connected) part.channel.disconnect()
      await part.exited
    },
  }
}
