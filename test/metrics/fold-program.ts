import { foldPass } from '../../src/metrics/fold.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { openDatabase } from '../../src/store/database.ts'

// Folds without end, until somebody kills it.
const database = openDatabase(process.argv[2]!, createLog('silent'))
process.send?.('began')
for (;;) await foldPass({ database, clock: systemClock() })
