import { parseArgs } from 'node:util'
import { systemClock } from '../src/platform/clock.ts'
import { startEmbedded } from '../src/store/embedded/start.ts'
import { diffMigration } from '../src/store/migrate/diff.ts'

// npm run migration -- NAME          writes what schema.prisma has and the migrations do not as a new migration
// npm run migration -- NAME --empty  makes one to be filled by hand: triggers, partial indexes, roles, data

const { values, positionals } = parseArgs({ options: { empty: { type: 'boolean' } }, allowPositionals: true })
const [name] = positionals
const log = { info: () => undefined, warn: console.error }

if (!name || positionals.length > 1) {
  console.error('usage: npm run migration -- NAME [--empty]')
  process.exitCode = 1
} else {
  // Only its server is used, for a scratch database: the app may be running on it.
  const server = await startEmbedded({ data_dir: '.data', log })
  try {
    const file = await diffMigration(server.url, name, systemClock().now(), { empty: values.empty ?? false })
    console.log(file ?? 'The migrations already say what schema.prisma says: nothing was written.')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  } finally {
    await server.stop()
  }
}
