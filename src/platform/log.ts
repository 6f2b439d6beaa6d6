import { pino, type Logger } from 'pino'

/** Where a secret could stand in what is logged; its value never is. */
const secrets = [
  'authorization',
  'token',
  'api_key',
  'callback_secret',
  'secret',
  'password',
  'connectionString',
]

/** JSON lines on standard error: standard output belongs to what a command prints. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
