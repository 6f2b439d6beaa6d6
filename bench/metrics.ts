import { cellOf } from '../src/metrics/cell.ts'
import { addToRollups } from '../src/metrics/fold.ts'
import { bucketOf, quantile } from '../src/metrics/histogram.ts'
import { readBy } from '../src/metrics/read.ts'
import { rollUp, type Rollups } from '../src/metrics/rollup.ts'
import { createLog } from '../src/platform/log.ts'
import { openDatabase, type Database } from '../src/store/database.ts'
import { dice } from '../test/metrics/oversight.ts'
import type { Benchmark } from './frame/benchmark.ts'
import { figure, median, percentile } from './frame/numbers.ts'
import { interleave } from './frame/rounds.ts'

const many = 10_000_000
const atOnce = 100_000
const rounds = 5
const shares = [0.5, 0.95]
const judged = [0.01, ...shares, 0.99]

const year = { from: new Date('2025-11-01T00:00:00Z'), to: new Date('2026-11-01T00:00:00Z') }
const month = { from: new Date('2026-09-17T13:00:00Z'), to: new Date('2026-10-17T13:00:00Z') }

type Window = typeof year
type Percentiles = Map<string, number[]>

/** How long roles take to decide, of ten million decisions in a year. */
export const metrics: Benchmark = {
  name: 'metrics',
  async run({ databases, note }) {
    const database = openDatabase(await databases.create('metrics'), createLog('silent'))
    try {
      await database.pool.query(
        'create table decision (at timestamptz not null, role text not null, ms bigint not null)',
      )
      note(`${figure(many)} decisions, as rows and as rollups`)
      const fold_s = await fill(database)
      await database.pool.query('create index on decision (at)')
      await database.pool.query('vacuum analyze')
      const arms = {
        rollups: () => timed(() => byRollups(database, year)),
        rows: () => timed(() => byRows(database, year, 'cont')),
      }
      await interleave(1, arms)
      note(`${rounds} rounds of 2 arms, twice`)
      const all = await interleave(rounds, arms)
      const some = await interleave(rounds, {
        rollups: () => timed(() => byRollups(database, month)),
        rows: () => timed(() => byRows(database, month, 'cont')),
      })
      note('the error')
      const errors = await Promise.all(
        [year, month].map(async (window) =>
          worst(await byRollups(database, window, judged), await byRows(database, window, 'disc', judged)),
        ),
      )
      const error = Math.max(...errors)
      const slowest = Math.max(...all.rollups)
      const row = (name: string, times: number[]) => [
        name,
        figure(median(times), 'ms'),
        figure(percentile(times, 1), 'ms'),
      ]
      return {
        title: 'Percentiles by role',
        about: `P50 and P95 of the time to a decision by role, over ${figure(many)} decisions in a year, of 5 roles and 8 agents, log-normal between milliseconds and weeks. The rows are as narrow as can be; the rollups were made by the code that folds events (\`rollUp\`, \`addToRollups\`), for roles alone, ${figure(many / fold_s)} decisions/s. ${rounds} interleaved rounds.`,
        columns: ['arm', 'median', 'slowest'],
        rows: [
          row('rollups, a year', all.rollups),
          row('`percentile_cont` over the rows of a year', all.rows),
          row('rollups, 30 days that begin at some hour', some.rollups),
          row('`percentile_cont` over the rows of those 30 days, by an index on time', some.rows),
        ],
        verdict: `Targets: under 100 ms, at most 2.5 % off the exact value. ${slowest < 100 && error <= 0.025 ? 'Met' : 'Missed'}: ${figure(slowest, 'ms')} at most, and of the P1, P50, P95 and P99 of every role, the worst is ${(error * 100).toFixed(2)} % off.`,
      }
    } finally {
      await database.close()
    }
  },
}

/** Returns how many seconds the folding took of it. */
async function fill(database: Database): Promise<number> {
  const roll = dice(2026)
  const roles = ['finance', 'platform', 'security', 'legal', 'support']
  let fold_ms = 0
  for (let done = 0; done < many; done += atOnce) {
    const decisions = Array.from({ length: atOnce }, (_, nth) => {
      const at = new Date(
        year.from.getTime() + ((done + nth) / many) * (year.to.getTime() - year.from.getTime()),
      )
      const role = Math.floor(roll() ** 2 * roles.length)
      // Box and Muller's normal numbers; each role has a median and a spread of its own.
      const normal = Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll())
      const ms = Math.round(Math.exp(11 + role * 0.7 + normal * (1 + role * 0.2)))
      return { at, agent: `agent-${Math.floor(roll() * 8)}`, role: roles[role] ?? '', ms }
    })
    await database.pool.query(
      'insert into decision select * from unnest($1::timestamptz[], $2::text[], $3::bigint[])',
      [decisions.map(({ at }) => at), decisions.map(({ role }) => role), decisions.map(({ ms }) => ms)],
    )
    const began = performance.now()
    const rollups: Rollups = new Map()
    for (const { at, agent, role, ms } of decisions)
      rollUp(
        rollups,
        { agent, tool: 't', at },
        { of: 'role', key: role },
        cellOf(['approved.human'], { bucket: bucketOf(ms) }),
      )
    await addToRollups(database.pool, 1, rollups)
    fold_ms += performance.now() - began
  }
  return fold_ms / 1_000
}

async function byRollups(database: Database, window: Window, of = shares): Promise<Percentiles> {
  const roles = await readBy(database, { agent: null }, 'role', window)
  return new Map(
    [...roles].map(([role, { latency }]) => [
      role,
      of.map((share) => quantile(latency, share) ?? Number.NaN),
    ]),
  )
}

async function byRows(
  database: Database,
  { from, to }: Window,
  kind: 'cont' | 'disc',
  of = shares,
): Promise<Percentiles> {
  const { rows } = await database.pool.query<{ role: string; found: (number | string)[] }>(
    `select role, percentile_${kind}($3::float8[]) within group (order by ms) as found
     from decision where at >= $1 and at < $2 group by role`,
    [from, to, of],
  )
  return new Map(rows.map(({ role, found }) => [role, found.map(Number)]))
}

function worst(found: Percentiles, exact: Percentiles): number {
  const errors = [...exact].flatMap(([role, values]) =>
    values.map((value, nth) => Math.abs((found.get(role)?.[nth] ?? Number.NaN) - value) / value),
  )
  return Math.max(...errors)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
