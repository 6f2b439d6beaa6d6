import { setTimeout as delay } from 'node:timers/promises'
import type { Message } from '../src/sandbox/index.ts'
import type { Benchmark } from './frame/benchmark.ts'
import { openBenchDesk, type BenchDesk } from './frame/desk.ts'
import { figure, median, percentile } from './frame/numbers.ts'
import { startProgram } from './frame/programs.ts'
import { interleave } from './frame/rounds.ts'
import type { Load } from './programs/closed-loop.ts'

const connections = 64
const rounds = 3
const clicksARound = 100
const betweenMs = 60

/** How long Slack waits for the answer to a click while agents ask as fast as they can. */
export const clicks: Benchmark = {
  name: 'clicks',
  async run({ databases, note }) {
    const desk = await openBenchDesk(await databases.create('clicks'))
    const agents = await startProgram('agents', { url: desk.app.url, api_key: desk.agent.api_key })
    const load = (tool: string, seconds: number) =>
      agents.ask<Load>({ connections, seconds, body: { action: { tool, arguments: { amount: 240 } } } })
    try {
      const cards = await postCards(desk, 3 * rounds * clicksARound)
      // From here on Slack takes no new card, as a channel that takes one a second does for nearly all of them.
      desk.slack.sandbox.inject({ kind: 'rate_limited', retry_after_s: 3_600, method: 'chat.postMessage' })
      const seconds = (clicksARound * betweenMs) / 1_000 + 1.5
      const during = async (tool: string) => {
        const loaded = load(tool, seconds)
        await delay(1_000)
        const times = await clickAll(desk, cards.splice(0, clicksARound))
        const { count, failed } = await loaded
        if (failed !== null) throw new Error(failed)
        return { times, rate: count / seconds }
      }
      note(`${rounds} rounds of ${clicksARound} clicks, in quiet and under load`)
      const results = await interleave(rounds, {
        quiet: async () => ({ times: await clickAll(desk, cards.splice(0, clicksARound)), rate: 0 }),
        allowed: () => during('read.order'),
        pending: () => during('stripe.refund'),
      })
      const row = (words: string, arm: keyof typeof results) => [
        words,
        figure(median(results[arm].map(({ rate }) => rate))),
        figure(median(results[arm].map(({ times }) => percentile(times, 0.5))), 'ms'),
        figure(p99(arm), 'ms'),
      ]
      const p99 = (arm: keyof typeof results) =>
        median(results[arm].map(({ times }) => percentile(times, 0.99)))
      const worst = Math.max(p99('allowed'), p99('pending'))
      return {
        title: 'Click to acknowledgement',
        about: `Approve, clicked in the sandbox by one person on one card after another: from the sending of Slack's signed request to the 200 that comes after the commit. At the same time ${connections} connections ask as fast as they are answered. Medians of ${rounds} interleaved rounds of ${clicksARound} clicks.`,
        columns: ['arm', 'intake/s', 'p50', 'p99'],
        rows: [
          row('no other load', 'quiet'),
          row('intake saturated, allowed by the policy', 'allowed'),
          row('intake saturated, each needs a human', 'pending'),
        ],
        verdict: `Target: p99 at most 100 ms. ${worst <= 100 ? 'Met' : 'Missed'} with ${figure(worst, 'ms')}.`,
      }
    } finally {
      await agents.end()
      await desk.close()
    }
  },
}

async function postCards(desk: BenchDesk, count: number): Promise<Message[]> {
  for (let asked = 0; asked < count; asked += 20)
    await Promise.all(
      Array.from({ length: Math.min(20, count - asked) }, () =>
        desk.agent.ask({ tool: 'stripe.refund', arguments: { amount: 240 } }),
      ),
    )
  const cards = () => desk.slack.sandbox.snapshot().messages.filter(({ metadata }) => metadata !== null)
  const giveUp = Date.now() + 60_000
  while (cards().length < count) {
    if (Date.now() > giveUp) throw new Error(`only ${cards().length} of ${count} cards were posted`)
    await delay(200)
  }
  return cards()
}

/** The time that each click took, in milliseconds. */
async function clickAll({ slack }: BenchDesk, cards: Message[]): Promise<number[]> {
  const times: number[] = []
  for (const { channel, ts } of cards) {
    const began = performance.now()
    const result = await slack.sandbox.act({ do: 'click', as: 'U_BOB', channel, ts, action_id: 'approve' })
    times.push(performance.now() - began)
    if (!result.ok) throw new Error(`a click was not taken: ${JSON.stringify(result)}`)
    await delay(Math.max(0, betweenMs - (performance.now() - began)))
  }
  return times
}
