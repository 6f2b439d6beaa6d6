import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark } from './frame/benchmark.ts'
import type { Bench } from './frame/bench.ts'
import { query } from './frame/database.ts'
import { openBenchDesk, type BenchDesk } from './frame/desk.ts'
import { figure, median, percentile } from './frame/numbers.ts'
import { startProgram, type Program } from './frame/programs.ts'
import { interleave } from './frame/rounds.ts'

const endpoints = 20
const answerMs = 50
const rounds = 3
const manyAtOnce = 1_500
const oneByOne = 60
const paceASecond = 60
const paceSeconds = 8

type Arrival = { at: number; after_ms: number }

/** How many callbacks go out in a second, and whether servers that hang hold up the others. */
export const callbacks: Benchmark = {
  name: 'callbacks',
  async run(bench) {
    const rates = await throughput(bench)
    const paced = await besideHanging(bench)
    const times = median(rates.product.map((rate, round) => rate / rates.serial[round]!))
    const p99 = (arrivals: number[]) => percentile(arrivals, 0.99)
    const ratio = median(paced.hanging.map((some, round) => p99(some) / p99(paced.healthy[round]!)))
    const latency = (arrivals: number[][]) => [
      '',
      figure(median(arrivals.map((some) => percentile(some, 0.5))), 'ms'),
      figure(median(arrivals.map(p99)), 'ms'),
    ]
    return {
      title: 'Callbacks',
      about: `${endpoints} endpoints that take ${answerMs} ms to answer. Above: ${manyAtOnce.toLocaleString('en')} callbacks due at once on one replica, and the same parts called for one callback after the other. Below: ${paceASecond} requests a second that are decided at once, and the time from the decision to the callback's arrival, at endpoints that answer. Medians of ${rounds} interleaved rounds.`,
      columns: ['arm', 'callbacks/s', 'p50', 'p99', 'ratio'],
      rows: [
        ['one at a time', figure(median(rates.serial)), '', '', '1.00'],
        ['one replica', figure(median(rates.product)), '', '', figure(times)],
        ['all endpoints answer', ...latency(paced.healthy), '1.00'],
        ['a fifth of them hang', ...latency(paced.hanging), figure(ratio)],
      ],
      verdict: `Targets: at least 10 times one at a time, ${times >= 10 ? 'met' : 'missed'}; p99 at most 1.2 times with a fifth hanging, ${ratio <= 1.2 ? 'met' : 'missed'}.`,
    }
  },
}

async function throughput({ databases, note }: Bench) {
  const url = await databases.create('callbacks')
  const desk = await openBenchDesk(url)
  const servers = await startProgram('endpoints', { count: endpoints, hanging: 0, delay_ms: answerMs })
  const serial = await startProgram('one-by-one', { env: desk.env })
  try {
    const { urls } = await servers.ask<{ urls: string[] }>({ tell: 'urls' })
    await decide(desk, urls[0]!)
    await come(servers, 1)
    note(`${rounds} rounds of ${manyAtOnce} at once, and of ${oneByOne} one by one`)
    return await interleave(rounds, {
      serial: async () => {
        const ids = await copyCallbacks(url, urls, oneByOne, false)
        const began = performance.now()
        await serial.ask({ ids })
        const seconds = (performance.now() - began) / 1_000
        await come(servers, oneByOne)
        return oneByOne / seconds
      },
      product: async () => {
        await copyCallbacks(url, urls, manyAtOnce, true)
        const times = (await come(servers, manyAtOnce)).map(({ at }) => at)
        return ((times.length - 1) * 1_000) / (Math.max(...times) - Math.min(...times))
      },
    })
  } finally {
    await Promise.all([serial.end(), servers.end()])
    await desk.close()
  }
}

/** An arm has a server and a database of its own: what hangs in one round is tried again during the next. */
async function besideHanging({ databases, note }: Bench) {
  const open = async (name: string, hanging: number) => {
    const desk = await openBenchDesk(await databases.create(`callbacks_${name}`))
    const servers = await startProgram('endpoints', { count: endpoints, hanging, delay_ms: answerMs })
    const { urls } = await servers.ask<{ urls: string[] }>({ tell: 'urls' })
    return { desk, servers, urls }
  }
  // In the arm without hanging ones, the endpoints that hang in the other one are left out of the count alike.
  const healthy = await open('healthy', 0)
  const hanging = await open('hanging', endpoints / 5)
  try {
    note(
      `${rounds} rounds of ${paceASecond} a second for ${paceSeconds} s, with and without servers that hang`,
    )
    return await interleave(rounds, { healthy: () => pace(healthy), hanging: () => pace(hanging) })
  } finally {
    await Promise.all([healthy, hanging].map(({ servers }) => servers.end()))
    await Promise.all([healthy, hanging].map(({ desk }) => desk.close()))
  }
}

async function pace(arm: { desk: BenchDesk; servers: Program; urls: string[] }): Promise<number[]> {
  const asked: Promise<unknown>[] = []
  const began = performance.now()
  for (let nth = 0; nth < paceASecond * paceSeconds; nth++) {
    await delay(Math.max(0, began + (nth * 1_000) / paceASecond - performance.now()))
    asked.push(decide(arm.desk, arm.urls[nth % endpoints]!))
  }
  await Promise.all(asked)
  await delay(1_000)
  return (await arm.servers.ask<{ come: Arrival[] }>({ tell: 'come' })).come.map(({ after_ms }) => after_ms)
}

/** Asks for what the policy denies: decided at once, so that its callback is due at once. */
function decide(desk: BenchDesk, callback_url: string): Promise<unknown> {
  return desk.agent.ask({ tool: 'sql.drop' }, { callback: { url: callback_url } })
}

async function come(servers: Program, count: number): Promise<Arrival[]> {
  const all: Arrival[] = []
  const giveUp = Date.now() + 60_000
  while (all.length < count) {
    if (Date.now() > giveUp) throw new Error(`only ${all.length} of ${count} callbacks came`)
    await delay(20)
    all.push(...(await servers.ask<{ come: Arrival[] }>({ tell: 'come' })).come)
  }
  return all
}

let copies = 0

/** Copies of the first callback and its approval, each to an endpoint in turn, with or without a job that tries it. */
async function copyCallbacks(url: string, urls: string[], count: number, due: boolean): Promise<string[]> {
  const prefix = `copy${copies++}`
  const rows = await query<{ id: string }>(
    url,
    `with copied as (
       insert into approval
       select (jsonb_populate_record(a, jsonb_build_object('id', $1 || '_apr_' || n))).*
       from approval a, generate_series(1, $2::int) n where a.id = (select id from approval order by created_at limit 1)
     ), copies as (
       insert into callback
       select (jsonb_populate_record(c, jsonb_build_object('id', $1 || '_msg_' || n, 'approval_id', $1 || '_apr_' || n,
         'url', ($3::text[])[1 + n % cardinality($3::text[])], 'status', 'pending', 'attempts', 0, 'delivered_at', null))).*
       from callback c, generate_series(1, $2::int) n where c.id = (select id from callback order by created_at limit 1)
       returning id
     ), jobs as (
       insert into job (kind, payload, lane, due_at)
       select 'callback', json_build_object('callback_id', id), 'callback:' || id, now() from copies where $4
     )
     select id from copies`,
    [prefix, count, urls, due],
  )
  return rows.map(({ id }) => id)
}
