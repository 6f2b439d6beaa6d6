import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createLog } from '../../src/platform/log.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { followDatabase } from '../../src/store/follow-database.ts'
import { createDatabase } from '../setup/database.ts'

let made: Awaited<ReturnType<typeof createDatabase>>
let database: Database
const log = createLog('silent')
beforeEach(async () => {
  made = await createDatabase()
  database = openDatabase(made.url, log, { max_connections: 1 })
})
afterEach(async () => {
  await database.close()
  await made.drop()
})

test('the time is asked for beside the app’s own connections, however busy they are', async () => {
  // Given that the only connection of the pool is lent, and comes back when the clock is right.
  const lent = await database.pool.connect()
  const clock = systemClock()
  clock.correct(-3_600_000)
  const following = await followDatabase(made.url, clock, log)
  const { rows } = await lent.query<{ behind: number }>(
    'select extract(epoch from clock_timestamp() - $1::timestamptz)::float as behind',
    [clock.now()],
  )
  expect(Math.abs(rows[0]!.behind)).toBeLessThan(60)
  lent.release()
  await following.close()
})

test('where there is nobody to ask, the start says so', async () => {
  const nobody = new URL(made.url)
  nobody.port = '1'
  await expect(followDatabase(nobody.href, systemClock(), log)).rejects.toMatchObject({ name: 'Unavailable' })
})
