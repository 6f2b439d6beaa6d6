import { randomInt } from 'node:crypto'
import type { Handler } from '../../src/jobs/duty.ts'
import { createRunner } from '../../src/jobs/runner.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { createSignal } from '../../src/platform/signal.ts'
import { openDatabase } from '../../src/store/database.ts'
import { followDatabase } from '../../src/store/follow-database.ts'
import { listen } from '../../src/store/listen.ts'
import { answerEach, setting } from './said.ts'
import { didBench, type BenchPayload } from './did-bench.ts'

// The product's own job table and runner, without the rest of the product.

const { url } = setting as { url: string }
const log = createLog('silent')
const clock = systemClock()
const database = openDatabase(url, log)
const holder = randomInt(1, 2 ** 31 - 1)
await followDatabase(url, clock, log)
await listen(url, holder, clock, log, () => undefined)
const run: Handler = (payload) => didBench(payload as BenchPayload)
const duties = { bench: { run, slots: 32, longest_wait_ms: 1_000 } }
createRunner({ database, clock, log, work: createSignal(), holder, duties }).start()
answerEach(async () => ({ alive: true }))
