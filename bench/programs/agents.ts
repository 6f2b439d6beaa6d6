import { Client } from 'undici'
import { closedLoop } from './closed-loop.ts'
import { answerEach, setting } from './said.ts'

// Agents that ask as fast as they are answered, each on a connection of its own that is kept.

const { url, api_key } = setting as { url: string; api_key: string }
const headers = { authorization: `Bearer ${api_key}`, 'content-type': 'application/json' }
const clients: Client[] = []

answerEach(async (message) => {
  const { connections, seconds, body } = message as { connections: number; seconds: number; body: object }
  while (clients.length < connections) clients.push(new Client(url))
  const text = JSON.stringify(body)
  return closedLoop(connections, seconds, async (worker) => {
    const answer = await clients[worker]!.request({
      method: 'POST',
      path: '/v1/approvals',
      headers,
      body: text,
    })
    await answer.body.dump()
    if (answer.statusCode !== 201) throw new Error(`answered ${answer.statusCode}`)
  })
})
