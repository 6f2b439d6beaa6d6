import { z } from 'zod'
import { outcomeStatuses, risks, statuses } from '../approval/approval.ts'
import { runStatuses } from '../approval/run.ts'
import { jsonObject } from './fields.ts'

// The approval as agents get it: what `shape` makes, written down for the OpenAPI document. It checks no request.

export const time = z.iso.datetime({ precision: 3 }).describe('RFC 3339, UTC, with milliseconds')
const anyJson = z.unknown().describe('Any JSON')

const person = z.strictObject({ slack_user_id: z.string(), name: z.string() })

export const decider = z.discriminatedUnion('type', [
  person.extend({ type: z.literal('human') }),
  z.strictObject({ type: z.literal('policy'), version: z.int(), rule: z.string().nullable() }),
  z.strictObject({ type: z.literal('timeout') }),
  z.strictObject({ type: z.literal('agent'), name: z.string() }),
  z.strictObject({ type: z.literal('freeze') }),
])

export const ruledBy = z.strictObject({
  version: z.int(),
  rule: z.string().nullable(),
  effect: z.enum(['allow', 'deny', 'require_approval']),
  reason: z.string().nullable(),
})

export const askedAtStage = {
  role: z.string().describe('In words where there are several: finance or legal'),
  roles: z
    .union([z.strictObject({ any: z.array(z.string()) }), z.strictObject({ all: z.array(z.string()) })])
    .optional()
    .describe('Only where there are several: members of any, or at least one of each'),
  approvals: z.int().min(1).describe('How many distinct approvers it needs'),
}

const stage = z.strictObject({
  ...askedAtStage,
  status: z.enum(['open', 'waiting', 'met']),
  escalated_to: z.array(z.string()),
  votes: z.array(
    z.strictObject({
      by: person,
      vote: z.enum(['approve', 'reject']),
      comment: z.string().nullable(),
      at: time,
    }),
  ),
})

const cost = z.strictObject({ amount: z.string(), currency: z.string() })
const tokenCounts = z.strictObject({ input: z.int().min(0), output: z.int().min(0) })

export const approvalSchema = z.strictObject({
  id: z.string(),
  status: z.enum(statuses),
  created_at: time,
  expires_at: time,
  decided_at: time.nullable(),
  agent: z.strictObject({ name: z.string(), owner: z.string() }),
  action: z.strictObject({
    tool: z.string(),
    arguments: jsonObject,
    summary: z.string().nullable(),
    justification: z.string().nullable(),
  }),
  action_digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  risk: z.enum(risks),
  environment: z.string(),
  run_id: z.string().nullable(),
  on_behalf_of: z.string().nullable(),
  subject: z.strictObject({ type: z.string(), id: z.string(), url: z.string().nullable() }).nullable(),
  links: z.array(z.strictObject({ title: z.string(), url: z.string() })),
  metadata: z.record(z.string(), z.string()),
  state: anyJson,
  retry_of: z.string().nullable(),
  allowed_decisions: z.array(z.enum(['approve', 'edit', 'reject'])),
  policy: ruledBy,
  stages: z.array(stage),
  escalation: z.strictObject({ level: z.int().min(0), next_at: time.nullable() }),
  unreachable: z.string().nullable().describe('Why nobody can meet the open stage right now'),
  decision: z
    .strictObject({
      by: decider,
      reason: z.string().nullable(),
      retry: z.enum(['never', 'after_change']).nullable(),
      at: time,
    })
    .nullable(),
  effective_action: z
    .strictObject({
      tool: z.string(),
      arguments: jsonObject,
      digest: z.string(),
      edited: z.boolean().describe('Whether it is not what was asked for: run this, not that'),
      changes: z
        .array(z.strictObject({ path: z.string(), from: anyJson.optional(), to: anyJson.optional() }))
        .optional()
        .describe('Where it was edited, what differs: JSON pointers into the arguments'),
      valid_until: time,
    })
    .nullable()
    .describe('Once approved: what may run, and until when'),
  permit: z
    .string()
    .nullable()
    .describe('Once approved: a JSON Web Token that lets exactly the effective action run once'),
  withdrawn: z.strictObject({ by: decider, reason: z.string().nullable(), at: time }).nullable(),
  outcome: z
    .strictObject({
      status: z.enum(outcomeStatuses),
      error: z.string().nullable(),
      attempts: z.int().min(0).nullable(),
      duration_ms: z.number().min(0).nullable(),
      cost: cost.nullable(),
      tokens: tokenCounts.nullable(),
      at: time,
    })
    .nullable()
    .describe('What the agent reported'),
  callback: z.strictObject({
    status: z.enum(['none', 'pending', 'delivered', 'failed']),
    attempts: z.int().min(0),
  }),
})

export const consumedSchema = z.strictObject({
  approval_id: z.string(),
  execution_id: z.string(),
  consumed_at: time,
  action_digest: z.string(),
  valid_until: time,
})

const counted = z.int().min(0).nullable()

export const runSchema = z.strictObject({
  run_id: z.string(),
  status: z.enum(runStatuses),
  cost: cost.nullable(),
  tokens: tokenCounts.nullable(),
  tool_calls: counted,
  tool_errors: counted,
  tool_retries: counted,
  started_at: time.nullable(),
  ended_at: time.nullable(),
  updated_at: time,
})

export const keySetSchema = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
})

export const listSchema = z.strictObject({
  data: z.array(approvalSchema),
  next_cursor: z.string().nullable(),
})

export const problemSchema = z.object({
  type: z.string().describe('Never changes; for programs'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
    .optional()
    .describe(
      'Every fault of a bad request: a JSON pointer into the body, ?parameter, {part of the path}, or a header',
    ),
  approval: approvalSchema.optional().describe('Where its state forbids the call: the approval as it is'),
})
