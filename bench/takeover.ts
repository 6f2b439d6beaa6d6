import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark } from './frame/benchmark.ts'
import { openJobArm, type JobArm } from './frame/job-arms.ts'
import { figure, percentile } from './frame/numbers.ts'
import type { Program } from './frame/programs.ts'

const kills = 20

/** So long the others are given, while Countersign's kills go on. */
const patienceMs = 40_000

/** How long the work of a killed process lies still. */
export const takeover: Benchmark = {
  name: 'takeover',
  async run({ databases, note }) {
    const own = await openJobArm(databases, 'job-runner', 'takeover_own')
    const boss = await openJobArm(databases, 'pg-boss', 'takeover_pg_boss')
    const graphile = await openJobArm(databases, 'graphile-worker', 'takeover_graphile')
    try {
      note(`${kills} kills; pg-boss and graphile-worker have one beside them`)
      const others = Promise.all([boss, graphile].map((arm) => killOne(arm, patienceMs)))
      const times: number[] = []
      for (let kill = 0; kill < kills; kill++) {
        // Anywhere between two looks around.
        await delay(Math.random() * 1_000)
        times.push((await killOne(own, 10_000)) ?? Infinity)
      }
      const [of_boss = null, of_graphile = null] = await others
      const worst = Math.max(...times)
      const single = (time: number | null) =>
        time === null ? `more than ${figure(patienceMs / 1_000, 's')}` : figure(time / 1_000, 's')
      return {
        title: 'Takeover',
        about: `From \`kill -9\` of the process that runs a job until the other replica begins it, ${kills} times; the others once each, for at most ${patienceMs / 1_000} s.`,
        columns: ['arm', 'p50', 'longest'],
        rows: [
          ['Countersign', figure(percentile(times, 0.5) / 1_000, 's'), figure(worst / 1_000, 's')],
          ['pg-boss 12.38, a heartbeat of 10 s (its least)', single(of_boss), ''],
          ['graphile-worker 0.18 (four hours, by its documentation)', single(of_graphile), ''],
        ],
        verdict: `Target: at most 1.5 s. ${worst <= 1_500 ? 'Met' : 'Missed'} by the longest of ${kills}.`,
      }
    } finally {
      await Promise.all([own, boss, graphile].map((arm) => arm.end()))
    }
  },
}

let number = 0

/** Milliseconds, or null where nobody took over in time. */
async function killOne(arm: JobArm, patience_ms: number): Promise<number | null> {
  const job = { number: number++, due_at: new Date().toISOString(), hangs: true }
  const begun: Program[] = []
  let told = (): void => undefined
  arm.onBegan(({ began }, worker) => {
    if (began === job.number) begun.push(worker)
    told()
  })
  const nth = async (count: number) => {
    while (begun.length < count) await new Promise<void>((resolve) => (told = resolve))
  }
  await arm.add([job])
  await nth(1)
  const victim = begun[0]!
  const killed = performance.now()
  await victim.kill()
  const waited = new AbortController()
  const taken = await Promise.race([
    nth(2).then(() => true),
    delay(patience_ms, false, { signal: waited.signal }).catch(() => false),
  ])
  const took = performance.now() - killed
  waited.abort()
  await arm.replace(victim)
  return taken ? took : null
}
