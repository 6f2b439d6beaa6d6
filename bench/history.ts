import type { Benchmark } from './frame/benchmark.ts'
import { query } from './frame/database.ts'
import { addBenchAgent, openBenchDesk } from './frame/desk.ts'
import { figure, median } from './frame/numbers.ts'
import { interleave } from './frame/rounds.ts'
import { startProgram } from './frame/programs.ts'
import { createAgent } from '../test/desk/agent.ts'
import type { Load } from './programs/closed-loop.ts'

const connections = 16
const rounds = 5
const seconds = 3
const many = 100_000

const told = {
  summary: 'Refund $240 to order 1881',
  justification: 'The customer was charged twice on the 3rd; the second charge has no order behind it.',
}
const spend = { tool: 'budget.spend', arguments: { order: '1881', amount: 24.5, currency: 'usd' }, ...told }
const more = {
  run_id: 'run_81',
  subject: { type: 'order', id: '1881', url: 'https://shop.example/orders/1881' },
  metadata: { team: 'support', region: 'eu' },
}

/** What it costs to decide by what was allowed before. */
export const history: Benchmark = {
  name: 'history',
  async run({ databases, note }) {
    const url = await databases.create('history')
    const desk = await openBenchDesk(url)
    const agentOf = async (name: string) => createAgent(desk.app.url, await addBenchAgent(desk.env, name))
    const [fresh, busy] = [await agentOf('fresh'), await agentOf('busy')]
    const programs = {
      nothing: await startProgram('agents', { url: desk.app.url, api_key: desk.agent.api_key }),
      fresh: await startProgram('agents', { url: desk.app.url, api_key: fresh.api_key }),
      busy: await startProgram('agents', { url: desk.app.url, api_key: busy.api_key }),
    }
    const ask = (arm: keyof typeof programs, for_seconds = seconds) => {
      const action = arm === 'nothing' ? { ...spend, tool: 'read.budget' } : spend
      return programs[arm]
        .ask<Load>({ connections, seconds: for_seconds, body: { action, ...more } })
        .then(whole)
    }
    try {
      const { id } = await busy.ask(spend, more)
      note(`${many} approvals of one agent in the last 20 hours`)
      await fill(url, id)
      const began = performance.now()
      await busy.ask(spend, more)
      const first_ms = performance.now() - began
      for (const arm of ['nothing', 'fresh', 'busy'] as const) await ask(arm, 2)
      note(`${rounds} rounds of 3 arms, ${seconds} s each`)
      const results = await interleave(rounds, {
        nothing: () => ask('nothing'),
        fresh: () => ask('fresh'),
        busy: () => ask('busy'),
      })
      const row = (name: string, arm: keyof typeof programs) => [
        name,
        figure(median(results[arm].map(({ count, seconds: took }) => count / took))),
        figure(median(results[arm].map(({ p50_ms }) => p50_ms)), 'ms'),
        figure(median(results[arm].map(({ p99_ms }) => p99_ms)), 'ms'),
      ]
      return {
        title: 'Conditions over time',
        about: `One agent with ${connections} connections asks as fast as it is answered, and each request is allowed. Below, a rule compares what the agent was allowed in 24 hours with a limit: its requests are decided one after the other. Medians of ${rounds} interleaved rounds of ${seconds} s.`,
        columns: ['arm', 'requests/s', 'p50', 'p99'],
        rows: [
          row('no rule looks back', 'nothing'),
          row('a sum over what the agent was allowed during the benchmark', 'fresh'),
          row(`a sum over ${figure(many)} approvals more`, 'busy'),
        ],
        verdict: `The first request over ${figure(many)} approvals, for which the process had no tally yet, took ${figure(first_ms, 'ms')}.`,
      }
    } finally {
      for (const program of Object.values(programs)) await program.end()
      await desk.close()
    }
  },
}

function whole(load: Load): Load {
  if (load.failed !== null) throw new Error(load.failed)
  return load
}

/** As many approvals like the one of that id, spread over the 20 hours before it. */
async function fill(url: string, id: string): Promise<void> {
  const [columns] = await query<{ names: string }>(
    url,
    `select string_agg(quote_ident(attname), ', ') as names from pg_attribute where attrelid = 'approval'::regclass
       and attnum > 0 and not attisdropped and attname not in ('id', 'created_at', 'decided_at')`,
  )
  const moment = `created_at - i * interval '20 hours' / $2::int`
  await query(
    url,
    `insert into approval (id, created_at, decided_at, ${columns?.names})
       select id || '_' || i, ${moment}, ${moment}, ${columns?.names} from approval, generate_series(1, $2::int) i where id = $1`,
    [id, many],
  )
  await query(url, 'analyze approval')
}
