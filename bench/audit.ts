import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pino from 'pino'
import { exportLines } from '../src/audit/export.ts'
import { sealPass } from '../src/audit/log/seal.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createSeal } from '../src/platform/seal.ts'
import { openDatabase } from '../src/store/database.ts'
import type { Bench } from './frame/bench.ts'
import type { Benchmark } from './frame/benchmark.ts'
import { query } from './frame/database.ts'
import { openBenchDesk } from './frame/desk.ts'
import { figure, median, percentile } from './frame/numbers.ts'
import { startProgram } from './frame/programs.ts'
import { interleave } from './frame/rounds.ts'
import type { Appending } from './programs/appenders.ts'
import type { Load } from './programs/closed-loop.ts'
import type { Verifying } from './programs/verifiers.ts'

const writers = 16
const approvals = 1_600
const rounds = 5
const seconds = 3
const verify_rounds = 3
/** The export that is verified has at least so many events. */
const many = 200_000
const lag_seconds = 10

/** What it costs that the audit log shows tampering: when an event is written, until it is sealed, and to verify. */
export const audit: Benchmark = {
  name: 'audit',
  async run(bench) {
    const chains = await bench.databases.create('audit_chains')
    const appended = await append(bench, chains)
    const lag = await sealLag(bench)
    const verified = await verify(bench, chains)
    const rate = (arm: Appending) => median(appended[arm].map(perSecond))
    const to_one_chain = ratio(appended.chains, appended.one_chain)
    const to_unhashed = ratio(appended.chains, appended.unhashed)
    const row = (name: string, arm: Appending) => [
      name,
      figure(rate(arm)),
      figure(median(appended[arm].map(({ p50_ms }) => p50_ms)), 'ms'),
      figure(median(appended[arm].map(({ p99_ms }) => p99_ms)), 'ms'),
      figure(ratio(appended[arm], appended.one_chain)),
      figure(ratio(appended[arm], appended.unhashed)),
    ]
    const lagRow = (name: string, of: Lag) => [
      name,
      figure(of.per_second),
      figure(of.p50_ms, 'ms'),
      figure(of.p99_ms, 'ms'),
      '',
      '',
    ]
    const verifyRow = (name: string, arm: Verifying) => [
      name,
      figure(median(verified.rates[arm])),
      '',
      '',
      '',
      '',
    ]
    const met = (is: boolean) => (is ? 'met' : 'missed')
    const worst = Math.max(lag.calm.p99_ms, lag.busy.p99_ms)
    const ours = median(verified.rates.ours)
    return {
      title: 'Evidence',
      about:
        `First: ${writers} writers add one event after the other, each in a transaction of its own with fsync on; medians of ${rounds} interleaved rounds of ${seconds} s, the ratios are the medians of the rounds'. ` +
        `Then: the time from an event's writing to the checkpoint that covers it, of all events of ${lag_seconds} s, in the whole product. Last: an export of ${figure(verified.events)} events, median of ${verify_rounds} interleaved rounds.`,
      columns: ['arm', 'events/s', 'p50', 'p99', 'to one chain', 'to unhashed'],
      rows: [
        row('write: one chain for all', 'one_chain'),
        row('write: the same statement without hashing', 'unhashed'),
        row('write: a chain for each approval', 'chains'),
        row('write: the same, while they are sealed', 'sealed'),
        lagRow('seal: an agent asks now and then', lag.calm),
        lagRow('seal: 16 connections ask as fast as they are answered', lag.busy),
        verifyRow('verify: only reading the lines as JSON', 'read'),
        verifyRow('verify: `countersign audit verify`', 'ours'),
        verifyRow('verify: `bin/verify-audit.py`', 'second'),
      ],
      verdict:
        `Targets: at least 5 times one chain (${figure(to_one_chain)}: ${met(to_one_chain >= 5)}) and 0.8 times without hashing (${figure(to_unhashed)}: ${met(to_unhashed >= 0.8)}); ` +
        `sealed within 1 s at p99 (${figure(worst, 'ms')}: ${met(worst <= 1_000)}); at least 100,000 events/s verified (${figure(ours)}: ${met(ours >= 100_000)}).`,
    }
  },
}

async function append({ databases, note }: Bench, chains: string): Promise<Record<Appending, Load[]>> {
  const urls: Record<Appending, string> = {
    chains,
    sealed: chains,
    unhashed: await databases.create('audit_unhashed'),
    one_chain: await databases.create('audit_one_chain'),
  }
  for (const url of new Set(Object.values(urls))) await fill(url)
  const start = (url: string) => startProgram('appenders', { url, writers, approvals })
  const byUrl = {
    chains: await start(chains),
    unhashed: await start(urls.unhashed),
    one_chain: await start(urls.one_chain),
  }
  const programs = { ...byUrl, sealed: byUrl.chains }
  const ask = (arm: Appending, for_seconds = seconds) =>
    programs[arm].ask<Load>({ arm, seconds: for_seconds }).then(whole)
  try {
    for (const arm of ['chains', 'unhashed', 'one_chain'] as const) await ask(arm, 1)
    note(`${rounds} rounds of 4 ways to write, ${seconds} s each`)
    return await interleave(rounds, {
      one_chain: () => ask('one_chain'),
      unhashed: () => ask('unhashed'),
      chains: () => ask('chains'),
      sealed: () => ask('sealed'),
    })
  } finally {
    for (const program of Object.values(byUrl)) await program.end()
  }
}

/** Approvals without events, for writers to add to. */
async function fill(url: string): Promise<void> {
  await query(
    url,
    `insert into approval (id, agent_id, agent_name, agent_owner, status, revision, created_at, expires_at, tool, request,
       plan, stages, escalation, events, head)
     select 'apr_' || n, 'agt_1', 'bot', 'U_DAVE', 'pending', 1, now(), now(), 'deploy', '{}', '{}', '[]', '{}', 0,
       decode(repeat('00', 32), 'hex') from generate_series(1, $1::int) n`,
    [approvals],
  )
  await query(url, 'analyze')
}

type Lag = { per_second: number; p50_ms: number; p99_ms: number }

async function sealLag({ databases, note }: Bench): Promise<{ calm: Lag; busy: Lag }> {
  const url = await databases.create('audit_lag')
  const desk = await openBenchDesk(url)
  const agents = await startProgram('agents', { url: desk.app.url, api_key: desk.agent.api_key })
  const action = { tool: 'read.order', arguments: { order: '1881' } }
  const during = async (work: () => Promise<unknown>): Promise<Lag> => {
    const began = new Date()
    await work()
    const ended = new Date()
    // What was written last is sealed by then.
    await wait(3_000)
    return lagOf(url, began, ended)
  }
  try {
    await agents.ask<Load>({ connections: writers, seconds: 1, body: { action } }).then(whole)
    note(`${lag_seconds} s of requests now and then, and ${lag_seconds} s of as many as there can be`)
    return {
      calm: await during(async () => {
        for (let nth = 0; nth < lag_seconds; nth++) {
          await desk.agent.ask(action)
          await wait(1_000)
        }
      }),
      busy: await during(() =>
        agents.ask<Load>({ connections: writers, seconds: lag_seconds, body: { action } }).then(whole),
      ),
    }
  } finally {
    await agents.end()
    await desk.close()
  }
}

/** Of all events of that time: how long after its writing the first checkpoint was made that covers it. */
async function lagOf(url: string, began: Date, ended: Date): Promise<Lag> {
  const rows = await query<{ lag_ms: number }>(
    url,
    `select extract(epoch from c.sealed_at - e.at)::float8 * 1000 as lag_ms
     from log_tile t cross join unnest(t.events) with ordinality as leaf (id, nth) join event e on e.id = leaf.id
     cross join lateral (
       select sealed_at from checkpoint where size >= t.index * 256 + leaf.nth order by size limit 1
     ) c
     where t.level = 0 and e.at between $1 and $2`,
    [began, ended],
  )
  const lags = rows.map(({ lag_ms }) => lag_ms)
  const seconds_between = (ended.getTime() - began.getTime()) / 1_000
  return {
    per_second: lags.length / seconds_between,
    p50_ms: percentile(lags, 0.5),
    p99_ms: percentile(lags, 0.99),
  }
}

async function verify(
  { note }: Bench,
  url: string,
): Promise<{ events: number; rates: Record<Verifying, number[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-export-'))
  const file = join(folder, 'export.ndjson')
  await write(url)
  const database = openDatabase(url, pino({ level: 'silent' }), { max_connections: 2 })
  const program = await startProgram('verifiers', {})
  try {
    const parts = { database, clock: systemClock(), seal: createSeal(Buffer.alloc(32, 7)) }
    let events = 0
    for (let more = true; more;) more = (await sealPass(parts)).more
    const lines = exportLines(parts, { since: null, until: null }, ({ done }) => void (events = done))
    await pipeline(Readable.from(ended(lines)), createWriteStream(file))
    const run = async (arm: Verifying) =>
      events / (await program.ask<{ seconds: number }>({ arm, file })).seconds
    note(`${verify_rounds} rounds of 3 readers of ${figure(events)} events`)
    for (const arm of ['read', 'ours'] as const) await run(arm)
    const rates = await interleave(verify_rounds, {
      read: () => run('read'),
      ours: () => run('ours'),
      second: () => run('second'),
    })
    return { events, rates }
  } finally {
    await program.end()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Lets the writers go on until there are enough events to be verified. */
async function write(url: string): Promise<void> {
  const program = await startProgram('appenders', { url, writers, approvals })
  try {
    for (;;) {
      const [row] = await query<{ count: number }>(url, 'select count(*)::int as count from event')
      if ((row?.count ?? 0) >= many) return
      await program.ask<Load>({ arm: 'sealed', seconds: 5 }).then(whole)
    }
  } finally {
    await program.end()
  }
}

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

function whole(load: Load): Load {
  if (load.failed !== null) throw new Error(load.failed)
  return load
}

const perSecond = ({ count, seconds: took }: Load) => count / took

function ratio(some: Load[], others: Load[]): number {
  return median(some.map((load, round) => perSecond(load) / perSecond(others[round]!)))
}

const wait = (ms: number) => systemClock().sleep(new Date(Date.now() + ms))
