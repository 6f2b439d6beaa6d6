import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { answerEach, setting } from './said.ts'

// Agents' servers, one port each. The first `hanging` take what they are sent and never answer; the others take
// `delay_ms` to answer.

const { count, hanging, delay_ms } = setting as { count: number; hanging: number; delay_ms: number }

/** What has come since it was last asked, at the servers that answer: when, and how long after it was decided. */
let come: { at: number; after_ms: number }[] = []

const servers = Array.from({ length: count }, (_, index) =>
  createServer((req, res) => {
    const at = Date.now()
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      if (index < hanging) return
      const { timestamp } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { timestamp: string }
      come.push({ at, after_ms: at - Date.parse(timestamp) })
      void delay(delay_ms).then(() => res.end())
    })
  }),
)
await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))))
const urls = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`)

answerEach(async (message) => {
  const { tell } = message as { tell: 'urls' | 'come' }
  if (tell === 'urls') return { urls }
  const told = come
  come = []
  return { come: told }
})
