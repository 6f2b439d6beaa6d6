import { z } from 'zod'

/** What the operator set, checked. The contract's table names each variable and its default. */
export type Config = {
  host: string
  port: number
  /** Null: the embedded PostgreSQL under `data_dir`. */
  database_url: string | null
  /** The same database as the role that owns it. Null: `database_url` is the owner's, or nothing is to be migrated from here. */
  migration_database_url: string | null
  data_dir: string
  /** Null: the sandbox workspace. */
  slack: {
    bot_token: string
    signing_secret: string
    app_token: string | undefined
    api_url: string | undefined
  } | null
  /** Whether posts and updates keep to Slack's rates. */
  slack_pacing: boolean
  policy_file: string
  /** Null: a key kept under `data_dir`. */
  secret_key: Buffer | null
  callback_allowed_hosts: string[]
  /** Where checkpoints of the audit log are shown (null: nowhere) and how often, and the file that each is added to. */
  checkpoints: { channel: string | null; every_ms: number; file: string | null }
  public_url: string
  /** What whoever reads /metrics has to show; null where nobody said. */
  metrics_token: string | null
  /** Null: nobody said; what is usual depends on who reads the log. */
  log_level: (typeof logLevels)[number] | null
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const unitsInMs = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

const variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/, 'is a port number, 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'is a port number, 0 to 65535')
    .default(3000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'starts with postgresql://')
    .optional(),
  MIGRATION_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'starts with postgresql://')
    .optional(),
  DATA_DIR: z.string().default('.data'),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-/, 'starts with xoxb-')
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(16, 'is the signing secret of the app’s Basic Information page')
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'starts with xapp-')
    .optional(),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'is an http or https address' }).optional(),
  SLACK_PACING: z.enum(['0', '1'], { error: 'is 1 or 0' }).default('1'),
  POLICY_FILE: z.string().default('policy.yaml'),
  SECRET_KEY: z
    .base64('is 32 bytes in base 64')
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((key) => key.length === 32, 'is 32 bytes in base 64; `openssl rand -base64 32` makes one')
    .optional(),
  CALLBACK_ALLOWED_HOSTS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim())
        .filter((host) => host !== ''),
    )
    .default([]),
  CHECKPOINT_CHANNEL: z
    .string()
    .regex(/^[CG][A-Z0-9_]{2,30}$/, 'is the id of a Slack channel, such as C012AB3CD')
    .optional(),
  CHECKPOINT_EVERY: z
    .string()
    .regex(/^[1-9][0-9]{0,3}[mhd]$/, 'is a duration such as 30m, 4h or 1d')
    .transform((text) => Number.parseInt(text, 10) * (unitsInMs.get(text.slice(-1)) ?? Number.NaN))
    .default(3_600_000),
  CHECKPOINT_FILE: z.string().optional(),
  METRICS_TOKEN: z
    .string()
    .regex(
      /^[\x21-\x7e]{16,}$/,
      'is at least 16 characters without spaces; `openssl rand -hex 32` makes some',
    )
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'is an http or https address' }).optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `is one of ${logLevels.join(', ')}` }).optional(),
  SANDBOX: z.enum(['0', '1'], { error: 'is 1 or 0' }).default('0'),
})

/**
 * Reads the environment; the only place that does.
 *
 * @returns the configuration, or a line for every fault, each naming its variable
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): { config: Config } | { faults: string[] } {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = variables.safeParse(set)
  if (!parsed.success)
    return { faults: parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`) }
  const faults = [...slackFaults(parsed.data), ...databaseFaults(parsed.data)]
  if (faults.length > 0) return { faults }
  return { config: toConfig(parsed.data) }
}

type Variables = z.infer<typeof variables>

function slackFaults(v: Variables): string[] {
  if (v.SLACK_BOT_TOKEN === undefined) {
    const orphans = (['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'] as const).filter(
      (name) => v[name] !== undefined,
    )
    if (orphans.length > 0) return [`SLACK_BOT_TOKEN is missing, though ${orphans.join(' and ')} is set`]
    return sandboxFaults(v)
  }
  if (v.SLACK_SIGNING_SECRET === undefined && v.SLACK_APP_TOKEN === undefined)
    return [
      'SLACK_SIGNING_SECRET is missing, though SLACK_BOT_TOKEN is set (or set SLACK_APP_TOKEN for Socket Mode)',
    ]
  return []
}

/** The sandbox lets anybody be anybody: it must never open where strangers or real approvals are. */
function sandboxFaults(v: Variables): string[] {
  if (v.SANDBOX === '1') return []
  const faults: string[] = []
  if (!isLoopback(v.HOST))
    faults.push(
      `HOST ${v.HOST} is not loopback, and without SLACK_BOT_TOKEN the sandbox would be open to the network: set the Slack variables, or SANDBOX=1`,
    )
  if (v.DATABASE_URL !== undefined)
    faults.push(
      'DATABASE_URL is set, and without SLACK_BOT_TOKEN the sandbox would decide for it: set the Slack variables, or SANDBOX=1',
    )
  return faults
}

function databaseFaults(v: Variables): string[] {
  if (v.DATABASE_URL === undefined)
    return v.MIGRATION_DATABASE_URL === undefined
      ? []
      : ['MIGRATION_DATABASE_URL is set without DATABASE_URL, which names the role that the app runs as']
  return v.SECRET_KEY === undefined
    ? [
        'SECRET_KEY is missing: with DATABASE_URL it must be given, 32 bytes in base 64; `openssl rand -base64 32` makes one',
      ]
    : []
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

function toConfig(v: Variables): Config {
  const slack =
    v.SLACK_BOT_TOKEN === undefined
      ? null
      : {
          bot_token: v.SLACK_BOT_TOKEN,
          signing_secret: v.SLACK_SIGNING_SECRET ?? '',
          app_token: v.SLACK_APP_TOKEN,
          api_url: v.SLACK_API_URL,
        }
  return {
    host: v.HOST,
    port: v.PORT,
    database_url: v.DATABASE_URL ?? null,
    migration_database_url: v.MIGRATION_DATABASE_URL ?? null,
    data_dir: v.DATA_DIR,
    slack,
    slack_pacing: v.SLACK_PACING === '1',
    policy_file: v.POLICY_FILE,
    secret_key: v.SECRET_KEY ?? null,
    callback_allowed_hosts: v.CALLBACK_ALLOWED_HOSTS,
    checkpoints: {
      channel: v.CHECKPOINT_CHANNEL ?? null,
      every_ms: v.CHECKPOINT_EVERY,
      file: v.CHECKPOINT_FILE ?? null,
    },
    public_url: v.PUBLIC_URL ?? `http://${v.HOST.includes(':') ? `[${v.HOST}]` : v.HOST}:${v.PORT}`,
    metrics_token: v.METRICS_TOKEN ?? null,
    log_level: v.LOG_LEVEL ?? null,
  }
}
