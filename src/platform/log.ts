import { pino, type Logger } from 'pino'

/** Where a secret of our own could stand in what is logged; its value never does. */
const secrets = [
  'authorization',
  'token',
  'api_key',
  'callback_secret',
  'secret',
  'password',
  'connectionString',
]

/**
 * JSON lines on standard error: standard output belongs to what a command prints.
 *
 * @param hide leaves out of a value what others sent and nobody is shown; it passes errors on as they are
 */
export function createLog(level: string, hide: (value: unknown) => unknown = (value) => value): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (logged) => hide(logged) as Record<string, unknown>,
      },
      serializers: { err: (error: Error) => hide({ ...pino.stdSerializers.err(error) }) },
      hooks: {
        logMethod(args, method) {
          method.apply(
            this,
            args.map((arg: unknown) => (typeof arg === 'string' ? hide(arg) : arg)) as typeof args,
          )
        },
      },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
