import { run } from './cli/run.ts'
import { layGround } from './ground.ts'
import { peopleFor } from './people.ts'
import { readConfig } from './platform/config.ts'
import { openLog } from './quiet-log.ts'
import { StartRefused } from './platform/start-refused.ts'

// The command line tool: lays the ground that the command needs and leaves the rest to `cli`.
const withDesk: Parameters<typeof run>[1] = async (work) => {
  const read = readConfig()
  if ('faults' in read) throw new StartRefused(read.faults)
  const { config } = read
  const log = openLog(config.log_level ?? 'warn')
  const ground = await layGround(config, log)
  try {
    await ground.admin.installFirstPolicy(config.policy_file, openLog('silent'))
    return await work({ ...ground, people: peopleFor(config.slack, ground, log) })
  } finally {
    await ground.close()
  }
}

// Loaded when it is asked for: it brings Slack's SDK, which no other command waits for.
const examine = async () => (await import('./doctor.ts')).examine()

process.exitCode = await run(process.argv.slice(2), withDesk, examine)
