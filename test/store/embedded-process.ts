import { startEmbedded } from '../../src/store/embedded/start.ts'

// A program that uses the embedded server of the DATA_DIR it is given, until its standard input ends. It says its
// database's address, or why there is none.

const log = { info: (line: unknown) => say({ log: line }), warn: (line: unknown) => say({ log: line }) }
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

// A Ctrl-C must find it busy: the app drains before it stops.
process.on('SIGINT', () => say({ interrupted: true }))

try {
  const server = await startEmbedded({ data_dir: process.argv[2] ?? '', log, settings: { fsync: 'off' } })
  say({ url: server.url, runner_url: server.runner_url })
  process.stdin.resume().once('close', () => void server.stop().then(() => say({ stopped: true })))
} catch (error) {
  say({ refused: String(error) })
}
