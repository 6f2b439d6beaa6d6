import type { Benchmark } from './frame/benchmark.ts'
import { query } from './frame/database.ts'
import { openBenchDesk } from './frame/desk.ts'
import { figure, median } from './frame/numbers.ts'
import { interleave } from './frame/rounds.ts'
import { startProgram } from './frame/programs.ts'
import type { Load } from './programs/closed-loop.ts'
import type { PlainRow } from './programs/plain-inserts.ts'

const connections = 64
const rounds = 5
const seconds = 4

const refund = {
  action: {
    tool: 'stripe.refund',
    arguments: { charge: 'ch_3P9xYz2eZvKYlo2C1x4Jq0aB', amount: 240, currency: 'usd', reason: 'duplicate' },
    summary: 'Refund $240 to order 1881',
    justification: 'The customer was charged twice on the 3rd; the second charge has no order behind it.',
  },
  risk: 'medium',
  run_id: 'run_81',
  subject: { type: 'order', id: '1881', url: 'https://shop.example/orders/1881' },
  metadata: { team: 'support', region: 'eu' },
}
const read = { ...refund, action: { ...refund.action, tool: 'read.order' } }

/** How many requests the server takes and keeps in a second, beside the least that keeping them costs. */
export const intake: Benchmark = {
  name: 'intake',
  async run({ databases, note }) {
    const url = await databases.create('intake')
    const desk = await openBenchDesk(url)
    // Slack takes no post: the cards wait, as those of any burst do in a channel that takes one a second.
    desk.slack.sandbox.inject({ kind: 'rate_limited', retry_after_s: 3_600, method: 'chat.postMessage' })
    const agents = await startProgram('agents', { url: desk.app.url, api_key: desk.agent.api_key })
    const plain_url = await databases.create('intake_plain')
    const plain = await startProgram('plain-inserts', {
      url: plain_url,
      rows: await rowsOf(url, (await desk.agent.ask(refund.action, rest(refund))).id),
      connections,
    })
    const ask = (body: object, for_seconds = seconds) =>
      agents.ask<Load>({ connections, seconds: for_seconds, body }).then(whole)
    const arms = {
      plain: () => plain.ask<Load>({ seconds }).then(whole),
      approval: () => ask(refund),
      decided: () => ask(read),
    }
    try {
      await ask(refund, 2)
      await plain.ask<Load>({ seconds: 1 })
      note(`${rounds} rounds of ${Object.keys(arms).length} arms, ${seconds} s each`)
      const results = await interleave(rounds, arms)
      const row = (name: string, arm: keyof typeof arms) => [
        name,
        figure(median(results[arm].map(rate))),
        figure(median(results[arm].map(({ p50_ms }) => p50_ms)), 'ms'),
        figure(median(results[arm].map(({ p99_ms }) => p99_ms)), 'ms'),
        figure(ratio(results[arm], results.plain)),
      ]
      return {
        title: 'Durable intake',
        about: `${connections} connections that ask as fast as they are answered; every answer comes after its commit, with fsync on. Median of ${rounds} interleaved rounds of ${seconds} s; the ratio is the median of the rounds' ratios.`,
        columns: ['arm', 'requests/s', 'p50', 'p99', 'to plain'],
        rows: [
          row('plain `pg`: the rows of one request, in one statement of three inserts', 'plain'),
          row('`POST /v1/approvals` that needs a human', 'approval'),
          row('`POST /v1/approvals` that the policy allows', 'decided'),
        ],
        verdict:
          'No target but few round trips: a request takes its share of two, one that finds the keys of all who asked meanwhile and one that writes all of their rows and commits.',
      }
    } finally {
      await agents.end()
      await plain.end()
      await desk.close()
    }
  },
}

function rest({ action: _action, ...more }: typeof refund): object {
  return more
}

function whole(load: Load): Load {
  if (load.failed !== null) throw new Error(load.failed)
  return load
}

const rate = ({ count, seconds }: Load) => count / seconds

function ratio(some: Load[], others: Load[]): number {
  return median(some.map((load, round) => rate(load) / rate(others[round]!)))
}

/** What an approval became in the database, as text, without the numbers that the database gives. */
async function rowsOf(url: string, approval_id: string): Promise<PlainRow[]> {
  const rows: PlainRow[] = []
  for (const [table, where] of [
    ['approval', 'id = $1'],
    ['event', 'approval_id = $1'],
    ['job', "payload::text like '%' || $1 || '%'"],
  ] as const) {
    const columns = await query<{ name: string; quoted: string; type: string }>(
      url,
      `select attname as name, quote_ident(attname) as quoted, format_type(atttypid, atttypmod) as type from pg_attribute
       where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and not ($1::text <> 'approval' and attname = 'id')
       order by attnum`,
      [table],
    )
    const list = columns.map(({ quoted }) => `${quoted}::text`).join(', ')
    for (const found of await query<Record<string, string | null>>(
      url,
      `select ${list} from ${table} where ${where}`,
      [approval_id],
    ))
      rows.push({
        table,
        columns: columns.map(({ quoted }) => quoted),
        types: columns.map(({ type }) => type),
        values: columns.map(({ name }) => found[name] ?? null),
      })
  }
  return rows
}
