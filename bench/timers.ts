import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark } from './frame/benchmark.ts'
import { jobPrograms, openJobArm, type JobArm, type JobProgram } from './frame/job-arms.ts'
import { figure, median, percentile } from './frame/numbers.ts'
import { interleave } from './frame/rounds.ts'
import type { BenchPayload } from './programs/did-bench.ts'

const waiting = 100_000
const timersARound = 500
const rounds = 3

/** The first is due so long after it is written, and the others are spread over so many milliseconds. */
const headStartMs = 2_500
const spreadMs = 6_000

const words: Record<JobProgram, string> = {
  'job-runner': 'Countersign, asleep until the nearest is due',
  'pg-boss': 'pg-boss 12.38, polling each 0.5 s (its least)',
  'graphile-worker': 'graphile-worker 0.18, polling each 0.5 s',
}

/** How late timers fire on two replicas while many others wait. */
export const timers: Benchmark = {
  name: 'timers',
  async run({ databases, note }) {
    const arms: Record<string, JobArm> = {}
    try {
      for (const program of jobPrograms) {
        note(`${program}: ${waiting} jobs that wait`)
        const arm = (arms[program] = await openJobArm(
          databases,
          program,
          `timers_${program.replace('-', '_')}`,
        ))
        await arm.add(dueFrom(Date.now() + 3_600_000, waiting, 3_600_000))
      }
      note(`${rounds} rounds of ${timersARound} timers each`)
      const late = await interleave(
        rounds,
        Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, () => oneRound(arm)])),
      )
      const own = late['job-runner']!
      const p99 = median(own.map((times) => percentile(times, 0.99)))
      return {
        title: 'Timers',
        about: `Lateness, from a job's due time to the start of its handler, of ${timersARound} timers a round spread evenly over ${spreadMs / 1_000} s, with ${waiting.toLocaleString('en')} others waiting, on two replicas in processes of their own. Median of ${rounds} interleaved rounds.`,
        columns: ['arm', 'p50', 'p99', 'latest', "p99 to Countersign's"],
        rows: Object.entries(late).map(([name, results]) => [
          words[name as JobProgram],
          figure(median(results.map((times) => percentile(times, 0.5))), 'ms'),
          figure(median(results.map((times) => percentile(times, 0.99))), 'ms'),
          figure(Math.max(...results.flat()), 'ms'),
          figure(
            median(
              results.map((times, round) => percentile(times, 0.99) / percentile(own[round] ?? [], 0.99)),
            ),
          ),
        ]),
        verdict: `Target: p99 at most 50 ms. ${p99 <= 50 ? 'Met' : 'Missed'} with ${figure(p99, 'ms')}.`,
      }
    } finally {
      await Promise.all(Object.values(arms).map((arm) => arm.end()))
    }
  },
}

let number = 0

function dueFrom(from: number, count: number, spread_ms: number): BenchPayload[] {
  return Array.from({ length: count }, (_, index) => ({
    number: number++,
    due_at: new Date(from + (index * spread_ms) / count).toISOString(),
    hangs: false,
  }))
}

/** The lateness of each timer, in milliseconds. */
async function oneRound(arm: JobArm): Promise<number[]> {
  const jobs = dueFrom(Date.now() + headStartMs, timersARound, spreadMs)
  const awaited = new Set(jobs.map((job) => job.number))
  const late: number[] = []
  arm.onBegan(({ began, late_ms }) => {
    if (awaited.delete(began)) late.push(late_ms)
  })
  await arm.add(jobs)
  const giveUp = Date.now() + headStartMs + spreadMs + 10_000
  while (awaited.size > 0) {
    if (Date.now() > giveUp) throw new Error(`${awaited.size} timers did not fire`)
    await delay(50)
  }
  return late
}
