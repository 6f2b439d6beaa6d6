import { z } from 'zod'
import { statuses } from '../approval/approval.ts'
import { askedAtStage, decider, ruledBy, time } from './approval-schema.ts'

const seconds = z.number().min(0).describe('Seconds')

/** What would become of a request: what `previewShape` makes. */
export const previewSchema = z.strictObject({
  status: z.enum(statuses).describe('What it would be right after it was asked for'),
  action_digest: z.string(),
  allowed_decisions: z.array(z.enum(['approve', 'edit', 'reject'])),
  policy: ruledBy,
  tried: z
    .array(
      z.strictObject({
        rule: z.string(),
        outcome: z.enum(['matched', 'not_matched', 'failed', 'passed_over']),
        detail: z.string().nullable().describe('Why its condition failed, or it was passed over'),
      }),
    )
    .describe('The rules in order, up to the one that decides'),
  stages: z.array(
    z.strictObject({
      ...askedAtStage,
      eligible: z.int().min(0).nullable().describe('How many could approve it now; null: Slack did not say'),
      can_be_met: z.boolean().nullable(),
      problem: z.string().nullable().describe('Why its own roles cannot meet it'),
      moves_on_to: z.array(z.string()).describe('Roles that would be asked at once because of that'),
      escalation: z.array(
        z.strictObject({
          do: z.enum(['remind', 'mention', 'escalate', 'require']),
          to: z.string().optional(),
          approvals: z.int().min(1).optional(),
          after: seconds.describe('Seconds from the opening of the stage'),
          at: time.nullable().describe('When, in the hours of the role asked; null for a later stage'),
        }),
      ),
    }),
  ),
  can_be_met: z
    .boolean()
    .nullable()
    .describe('By those who are there now; null: nobody is asked, or Slack did not say'),
  problem: z.string().nullable(),
  expires_at: time,
  on_timeout: z.enum(['expire', 'reject']),
  extend: seconds.nullable().describe('By how much an approver could move the end, in seconds'),
  valid_for: seconds.describe('How long it could be acted on once approved, in seconds'),
  decision: z
    .strictObject({ by: decider, reason: z.string().nullable() })
    .nullable()
    .describe('Where it would be decided at once'),
  freeze: z.strictObject({ reason: z.string(), at: time }).nullable().describe('A freeze in force'),
})
