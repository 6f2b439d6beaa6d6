import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { LogLevel, WebClient } from '@slack/web-api'
import { z } from 'zod'
import { defaultSeed, listenSandbox } from '../../src/sandbox/index.ts'
import type { ListeningSandbox, SandboxClock, SandboxOptions } from '../../src/sandbox/index.ts'

export const bot_token = 'xoxb-sandbox'
export const app_token = 'xapp-sandbox'
export const signing_secret = 'a signing secret of the sandbox'

export type Setting = ListeningSandbox & {
  client: WebClient
  /** A call as it is answered, also where it is refused: the SDK throws then. */
  call(method: string, args?: Record<string, unknown>): Promise<Answer>
}

const answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() })

export type Answer = z.infer<typeof answer>

/** A sandbox of the default seed, and a client that gives up at the first failure. */
export async function setting(options: Partial<SandboxOptions> = {}): Promise<Setting> {
  const listening = await listenSandbox({
    port: 0,
    workspace: defaultSeed,
    bot_token,
    app_token,
    signing_secret,
    app_url: () => null,
    ...options,
  })
  const { api_url } = listening
  const client = new WebClient(bot_token, {
    slackApiUrl: api_url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  })
  return {
    ...listening,
    client,
    async call(method, args = {}) {
      const response = await fetch(api_url + method, {
        method: 'POST',
        headers: { authorization: `Bearer ${bot_token}`, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      })
      return answer.parse(await response.json())
    },
  }
}

/** A clock that stands still until it is moved. */
export type MovedClock = SandboxClock & {
  advance(ms: number): Promise<void>
  /** Resolves once somebody sleeps. */
  asleep(): Promise<void>
}

export function movedClock(start = new Date()): MovedClock {
  let now = start.getTime()
  const sleepers = new Set<{ until: number; wake: () => void }>()
  let watching: (() => void)[] = []
  return {
    now: () => new Date(now),
    sleep: (until, signal) =>
      new Promise<void>((resolve) => {
        const sleeper = { until: until.getTime(), wake: resolve }
        if (sleeper.until <= now || signal?.aborted) return resolve()
        sleepers.add(sleeper)
        for (const notice of watching) notice()
        watching = []
        signal?.addEventListener('abort', () => resolve())
      }),
    asleep: () =>
      new Promise<void>((resolve) => {
        if (sleepers.size > 0) resolve()
        else watching.push(resolve)
      }),
    async advance(ms) {
      now += ms
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

export type Received = { headers: IncomingHttpHeaders; body: string; payload: Record<string, unknown> }

/** An app without any SDK: keeps what it is sent, and answers 200 unless told otherwise. */
export type PlainApp = {
  url: string
  received: Received[]
  /** The next request that it gets, or has got and not been asked for. */
  next(): Promise<Received>
  close(): Promise<void>
}

export type Answering = (received: Received, res: ServerResponse) => void

export async function plainApp(answer: Answering = (_, res) => res.end()): Promise<PlainApp> {
  const received: Received[] = []
  const unseen: Received[] = []
  const waiting: ((received: Received) => void)[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const got = { headers: req.headers, body, payload: payloadOf(body) }
      received.push(got)
      const waiter = waiting.shift()
      if (waiter) waiter(got)
      else unseen.push(got)
      answer(got, res)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}/slack/events`,
    received,
    async next() {
      return unseen.shift() ?? (await new Promise<Received>((resolve) => waiting.push(resolve)))
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const structure = z.record(z.string(), z.unknown())

function payloadOf(body: string): Record<string, unknown> {
  if (body.startsWith('{')) return structure.parse(JSON.parse(body))
  const fields = new URLSearchParams(body)
  const payload = fields.get('payload')
  return payload === null ? Object.fromEntries(fields) : structure.parse(JSON.parse(payload))
}

/** Blocks with one button, as small as a card can be. */
export function button(action_id: string, more: Record<string, unknown> = {}) {
  const text = { type: 'plain_text' as const, text: 'Press' }
  return [
    {
      type: 'actions' as const,
      block_id: 'row',
      elements: [{ type: 'button' as const, action_id, text, ...more }],
    },
  ]
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text })

/** A modal with one required text field, in block `why`. */
export function reasonModal(more: Record<string, unknown> = {}) {
  return {
    type: 'modal' as const,
    callback_id: 'reason',
    title: plain('A reason'),
    submit: plain('Send'),
    blocks: [
      {
        type: 'input' as const,
        block_id: 'why',
        label: plain('Why?'),
        element: { type: 'plain_text_input' as const, action_id: 'words', min_length: 3, max_length: 20 },
      },
    ],
    ...more,
  }
}
