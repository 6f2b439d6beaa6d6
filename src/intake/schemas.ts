import { readWindow, usualWindow } from '../metrics/index.ts'
import { z } from 'zod'
import { longestDurationMs } from '../approval/duration.ts'
import { outcomeStatuses, risks, statuses } from '../approval/approval.ts'
import { runStatuses } from '../approval/run.ts'
import { readCursor } from './cursor.ts'
import { saysSomething } from './words.ts'
import {
  echoedState,
  approvalId,
  count,
  duration,
  instant,
  jsonObject,
  localJsonSchema,
  money,
  numeral,
  parsed,
  permitToken,
  questionId,
  slackUserId,
  text,
  tokens,
  toolName,
  webUrl,
} from './fields.ts'

// What agents may send, in one place: requests are checked against it and the OpenAPI document is made from it.

export const openBody = z.strictObject({
  action: z.strictObject({
    tool: toolName,
    arguments: jsonObject.default({}),
    summary: text(0, 300).optional(),
    justification: text(0, 4_000).optional(),
  }),
  risk: z.enum(risks).default('medium'),
  environment: text(1, 100).optional().describe("Default: the agent's own"),
  run_id: text(1, 200).optional(),
  on_behalf_of: slackUserId.optional(),
  subject: z.strictObject({ type: text(1, 200), id: text(1, 200), url: webUrl.optional() }).optional(),
  links: z
    .array(z.strictObject({ title: text(1, 200), url: webUrl }))
    .max(10, { error: 'Must have at most 10 links' })
    .default([]),
  metadata: z
    .record(text(1, 100), text(0, 500))
    .refine((value) => Object.keys(value).length <= 50, { error: 'Must have at most 50 keys' })
    .meta({ maxProperties: 50 })
    .default({}),
  allowed_decisions: z
    .array(z.enum(['approve', 'edit', 'reject']))
    .min(1, { error: 'Must name at least one decision' })
    .max(3, { error: 'Must name each decision once' })
    .default(['approve', 'reject'])
    .describe('What the agent can act on. Reject is always possible'),
  arguments_schema: localJsonSchema
    .optional()
    .describe('JSON Schema 2020-12 that edited arguments must satisfy'),
  before: jsonObject.optional().describe('What the action would change, as it is now'),
  expires_in: duration.optional(),
  callback: z.strictObject({ url: webUrl }).optional(),
  state: echoedState.optional(),
  retry_of: approvalId.optional(),
})

export type OpenBody = z.output<typeof openBody>

export const cancelBody = z.strictObject({ reason: text(0, 1_000).optional() })

const number = (most: number) => {
  const error = `Must be a number from 0 to ${most}`
  return z.number({ error }).min(0, { error }).max(most, { error })
}

export const outcomeBody = z.strictObject({
  status: z.enum(outcomeStatuses),
  error: text(0, 4_000).optional().describe("The agent's own words"),
  attempts: count(1_000_000).optional().describe('How often it was tried'),
  duration_ms: number(longestDurationMs).optional(),
  cost: money.optional(),
  tokens: tokens.optional(),
})

export type OutcomeBody = z.output<typeof outcomeBody>

export const answerBody = z.strictObject({
  question_id: questionId,
  text: text(1, 4_000)
    .refine((words) => words === '' || saysSomething(words), {
      error: 'Has nothing in it that could be seen',
    })
    .describe("The agent's own words"),
})

export const consumeBody = z.strictObject({
  permit: permitToken,
  action: z
    .strictObject({ tool: toolName, arguments: jsonObject.default({}) })
    .describe('What is about to run: its digest must be that of the effective action'),
  execution_id: text(1, 200).describe("The agent's own name for this one execution"),
})

const toolCount = count(1_000_000_000).optional()

export const runBody = z
  .strictObject({
    status: z.enum(runStatuses),
    cost: money.optional(),
    tokens: tokens.optional(),
    tool_calls: toolCount,
    tool_errors: toolCount.describe('How many of the calls failed'),
    tool_retries: toolCount,
    started_at: instant.optional(),
    ended_at: instant.optional(),
  })
  // These are told together with what is wrong with the fields themselves.
  .refine((run) => !isMore(run?.tool_errors, run?.tool_calls), {
    path: ['tool_errors'],
    error: 'Must not be more than tool_calls',
    when: () => true,
  })
  .refine((run) => !isMore(run?.started_at, run?.ended_at), {
    path: ['ended_at'],
    error: 'Must not be before started_at',
    when: () => true,
  })

export type RunBody = z.output<typeof runBody>

function isMore(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a > b
  return typeof a === 'number' && typeof b === 'number' && a > b
}

export const runPath = z.strictObject({
  run_id: text(1, 200).refine((value) => !value.includes('\0'), { error: 'This text has a NUL character' }),
})

export const openHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, { error: 'Must be 1 to 255 printable ASCII characters' })
    .optional(),
})

export const approvalPath = z.strictObject({ id: approvalId })

export const findQuery = z.strictObject({
  wait: numeral('number', 0, 60).optional().describe('Seconds to wait for the decision'),
})

export const listQuery = z.strictObject({
  status: z.enum(statuses).optional(),
  run_id: text(1, 200).optional(),
  limit: numeral('integer', 1, 100).default(20).describe('Default: 20'),
  cursor: parsed(
    (value) => (typeof value === 'string' ? readCursor(value) : null),
    'Must be the next_cursor of an earlier answer',
    { type: 'string' },
  ).optional(),
})

export const metricsQuery = z.strictObject({
  window: parsed(
    (value) => (typeof value === 'string' ? readWindow(value) : null),
    'Must be a duration from 1h to 366d, such as 24h, 7d or 30d',
    { type: 'string', pattern: '^[0-9]{1,9}[smhd]$' },
  )
    .default(readWindow(usualWindow) ?? 0)
    .describe(`Default: ${usualWindow}`),
  by: z.enum(['role', 'tool']).optional(),
})

/** For addresses without a part that varies. */
export const noPath = z.strictObject({})

/** For requests that take no query parameters. */
export const noQuery = z.strictObject({})
