import * as z from 'zod'
import { parseDuration } from '../approval/duration.ts'
import { sharables } from '../approval/history.ts'
import { effects } from './effects.ts'
import { isTaken } from './cel/taken.ts'
import { closed, wrong } from './wording.ts'

/** Rule and role names: they stand in Slack, in the audit and in commands, so they are one plain word. */
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'a name is 1 to 64 letters, digits, dots, dashes or underscores',
  )

const user = z.string().regex(/^[UW][A-Z0-9_]{2,}$/, 'not a Slack user id: they look like U012AB3CD')
const member = z
  .string()
  .regex(/^[UWS][A-Z0-9_]{2,}$/, 'not a Slack user (U012AB3CD) or user group (S012AB3CD) id')
const channel = z.string().regex(/^[CG][A-Z0-9_]{2,}$/, 'not a Slack channel id: they look like C012AB3CD')

/** As the author wrote it; `parseDuration` gives milliseconds. */
const duration = z.custom<string | number>(
  (value) => parseDuration(value) !== null,
  wrong('not a duration: write 90s, 30m, 4h, 2d or a number of seconds, at most 366d'),
)

/** Shown in Slack and kept in the database, which takes no NUL and no half of a character. */
function plainWords(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .refine(
      (text) => text.isWellFormed() && !/\p{Cc}/u.test(text.replace(/[\t\n\r]/g, '')),
      'has control characters in it',
    )
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const timeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'not a time of day: write "09:00"')

/** As `Hours` in `approval`, which says what the fields mean. */
const hours = closed({
  timezone: z.string().refine(isTimeZone, 'not a time zone: write Europe/Berlin or UTC'),
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  from: timeOfDay,
  /** Earlier than `from` where the hours go past midnight. */
  to: timeOfDay,
})

const role = closed({
  channel,
  members: z.array(member).min(1, 'a role needs at least one member'),
  mention: z.enum(['none', 'group', 'members', 'here']).optional(),
  hours: hours.optional(),
})

const severalRoles = z.array(name).min(2, 'one role is written role: NAME').max(10)

/** `role`, or `roles` with `any` or `all`; left out, `approvals` is 1, and with `all` as many as there are roles. */
export const documentStage = closed({
  role: name.optional(),
  roles: closed({ any: severalRoles.optional(), all: severalRoles.optional() }).optional(),
  approvals: z.int().min(1).max(50).optional(),
})

const escalationStep = z.discriminatedUnion('do', [
  closed({
    do: z.literal('remind'),
    after: duration,
    every: duration.optional(),
    at_most: z.int().min(1).max(100).optional(),
  }),
  closed({ do: z.literal('mention'), after: duration }),
  closed({ do: z.literal('escalate'), after: duration, to: name }),
  closed({ do: z.literal('require'), after: duration, approvals: z.int().min(1).max(50) }),
])

const separation = z.union(
  [
    z.boolean(),
    closed({ asker: z.boolean().optional(), owner: z.boolean().optional(), repeat: z.boolean().optional() }),
  ],
  'write true, false, or any of {asker, owner, repeat} with true or false',
)

/** A choice in Slack's forms holds no more, and the last of ten is for what is none of these. */
const [longestReason, mostReasons] = [75, 9]

const rejectReason = closed({
  reason: plainWords(longestReason).refine((text) => text.trim() !== '', 'says nothing'),
  retry: z.enum(['never', 'after_change']).optional(),
})

/** The key of an argument: shown to whoever edits it, and looked up among the agent's. */
const argument = z
  .string()
  .min(1)
  .max(100)
  .refine(
    (key) => key !== '__proto__' && key.isWellFormed() && !/\p{Cc}/u.test(key),
    'not the name of an argument that an agent can send',
  )

/** What a rule may say and `defaults` says for rules that leave it out. */
const terms = {
  effect: z.enum(effects).optional(),
  stages: z.array(documentStage).min(1, 'leave stages out to inherit them').max(10).optional(),
  expires_in: duration.optional(),
  valid_for: duration.optional(),
  outcome_within: duration.optional(),
  on_timeout: z
    .enum(['expire', 'reject'], 'on_timeout is expire or reject: nothing is ever approved by silence')
    .optional(),
  separation_of_duties: separation.optional(),
  allowed_decisions: z.array(z.enum(['approve', 'edit', 'reject'])).optional(),
  /** The top-level arguments that `edit` may change; left out, none. */
  editable: z.array(argument).max(50).optional(),
  escalation: z.array(escalationStep).max(20).optional(),
  extend: duration.optional(),
  require_details_opened: z.boolean().optional(),
  require_reason: z.boolean().optional(),
  reject_reasons: z.array(rejectReason).max(mostReasons).optional(),
  require_on_behalf_of: z.boolean().optional(),
}

const defaults = closed(terms)

const rule = closed({
  name,
  when: z.string().optional(),
  reason: plainWords(500).optional(),
  ...terms,
})

/** A name that conditions can write. */
const plainName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
    'a name is 1 to 64 letters, digits or underscores, and a letter first',
  )

const tool = z
  .string()
  .regex(
    /^[A-Za-z0-9._:/-]{1,200}\*?$/,
    'not a tool: write stripe.refund, or stripe.* for all that begin so; left out, any counts',
  )
const sharable = z.enum(sharables)

/** Each that names the one above it makes looking at the last one deeper. */
const mostConditions = 200

const conditionName = plainName.refine(
  (name) => !isTaken(name),
  'means something else in CEL, or in every condition: take another name',
)

/** What `sum` and `count` may say and stand beside is looked at in `history.ts`. */
const historyEntry = closed({
  sum: z.string().optional(),
  count: z.literal(true, 'write count: true, or sum with the argument that is added up').optional(),
  tool: z.union([tool, z.array(tool).min(1).max(50)]).optional(),
  by: z.union(
    [sharable, z.array(sharable).min(1)],
    wrong(`is one of ${sharables.join(', ')}, or a list of them`),
  ),
  within: duration,
})

/**
 * The policy document of the contract, exactly as its author wrote it: durations are still `30m` or seconds, and what
 * a rule inherits is not filled in. `terms.ts` says what that means.
 */
export const policyDocument = closed({
  admins: z.array(user).min(1, 'a policy needs at least one admin'),
  /** Who may approve alone in an emergency, with a reason that everybody is told. */
  break_glass: z.array(user).min(1, 'leave break_glass out where nobody may').optional(),
  /** With `second_admin`, a change of this document counts once another admin has confirmed it. */
  policy_changes: closed({ second_admin: z.boolean() }).optional(),
  /** What nobody is shown of a request, besides what is built in. */
  secrets: closed({
    keys: z.array(z.string().min(1).max(100)).max(100).optional(),
    patterns: z.array(z.string().min(1).max(500)).max(20).optional(),
  }).optional(),
  /** An agent's requests beyond so many in one channel within a minute are gathered on one card. */
  flood: z.int().min(1).max(100_000).default(100),
  roles: z.record(name, role).default({}),
  defaults: defaults.default({}),
  /** Numbers about what was allowed before, for conditions to look at. */
  history: z.record(plainName, historyEntry).default({}),
  /** CEL that rules can name, and those further down too. */
  conditions: z
    .record(conditionName, z.string())
    .refine((all) => Object.keys(all).length <= mostConditions, `at most ${mostConditions} have a name`)
    .default({}),
  rules: z.array(rule).default([]),
})

export type PolicyDocument = z.output<typeof policyDocument>
export type DocumentTerms = z.output<typeof defaults>
export type DocumentStage = z.output<typeof documentStage>
