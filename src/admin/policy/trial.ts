import type { Request } from '../../approval/approval.ts'
import { concerns, freezeInForce } from '../../approval/freeze.ts'
import { policyOf, type PolicyInForce } from '../../flow/current-policy.ts'
import { foreseeBy, type Foreseen, type Supposed, type Tried } from '../../flow/foresee.ts'
import type { FindVoters } from '../../flow/prospects.ts'
import type { HistoryValues } from '../../approval/history.ts'
import { falseParts, parsePolicy } from '../../policy/index.ts'
import { findAgent, findAgentById } from '../../store/agents.ts'
import { readDesk } from '../../store/desk.ts'
import { pastBefore, pastOf } from '../../store/history.ts'
import { findApproval } from '../../store/read-approvals.ts'
import { unknownAgent, type Refused } from '../agents.ts'
import type { AdminParts } from '../index.ts'
import { faulty, notSaved, type NotSaved } from './check.ts'
import { askedAgain } from './compare.ts'
import { policyVersion } from './versions.ts'

/** Of how many rules that did not match it is said which part of theirs is false: the last ones are of interest. */
export const explainedRules = 10

/** What is tried: a request as JSON, or the id of one that was asked; by a version, the newest where it is null, or a draft. */
export type AskedTrial = {
  of: string
  /** As whom; null for nobody in particular. */
  agent: string | null
  by: { version: number | null } | { document: string }
}

/** What a policy would do with a request, with why. */
export type Trial = {
  /** Null: a document that is not saved. */
  version: number | null
  agent: { name: string; owner: string } | null
  /** The request that it repeats, judged as of its moment. */
  approval_id: string | null
  at: Date
  /** `when` is a rule's whole condition, `not` those parts of it that are false, of the last rules that do not match. */
  rules: (Tried & { when: string | null; not: string[] })[]
  foreseen: Foreseen
}

/** Tries a policy on one request. Nothing is stored, and nobody is asked anything. */
export async function testPolicy(
  parts: AdminParts,
  { of, agent, by }: AskedTrial,
  find: FindVoters,
): Promise<Trial | NotSaved> {
  const policy = 'document' in by ? draftOf(by.document) : await savedPolicy(parts, by.version)
  if ('refused' in policy) return policy
  const asked = /^apr_\w+$/.test(of.trim())
    ? await repeated(parts, of.trim())
    : await pasted(parts, of, agent)
  if ('refused' in asked) return notSaved(asked.refused)
  const { supposed, approval_id, as } = asked
  const foreseen = await foreseeBy(policy, supposed, find)
  const input = { ...supposed.request, agent: supposed.agent }
  const past = knownOf(foreseen.history)
  const unmatched = foreseen.tried.filter(({ outcome }) => outcome === 'not_matched')
  const explained = new Set(unmatched.slice(-explainedRules).map(({ rule }) => rule))
  const whens = new Map(policy.document.rules.map(({ name, when }) => [name, when ?? null]))
  return {
    version: 'document' in by ? null : policy.version,
    agent: as,
    approval_id,
    at: supposed.now,
    rules: foreseen.tried.map((one) => {
      const when = whens.get(one.rule) ?? null
      const not =
        explained.has(one.rule) && when !== null
          ? falseParts(policy.compiled, when, input, supposed.now, past)
          : []
      return { ...one, when, not }
    }),
    foreseen,
  }
}

function knownOf(history: Foreseen['history']): HistoryValues {
  return Object.fromEntries(
    Object.entries(history).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  )
}

function draftOf(document: string): PolicyInForce | NotSaved {
  const parsed = parsePolicy(document)
  return parsed.ok ? policyOf(0, parsed) : notSaved(faulty(parsed.faults), parsed.faults)
}

async function savedPolicy(parts: AdminParts, version: number | null): Promise<PolicyInForce | NotSaved> {
  const found = await policyVersion(parts, version)
  if ('refused' in found) return notSaved(found.refused)
  const parsed = parsePolicy(found.document)
  return parsed.ok
    ? policyOf(found.version, parsed)
    : notSaved(`Version ${found.version} cannot be read by this program`, parsed.faults)
}

type AskedThen = { supposed: Supposed; approval_id: string | null; as: Trial['agent'] }

/** A request that was asked, as of then: its agent's environment is as it is now, and no freeze is supposed. */
async function repeated({ database }: AdminParts, id: string): Promise<AskedThen | Refused> {
  const approval = await findApproval(database, id)
  if (!approval) return { refused: `There is no approval ${id}` }
  const row = await findAgentById(database, approval.agent.id)
  const { agent } = approval
  return {
    supposed: {
      agent: { ...agent, environment: row?.environment ?? '' },
      request: askedAgain(approval),
      now: approval.created_at,
      past: pastBefore(database, id),
      freeze: null,
    },
    approval_id: id,
    as: { name: agent.name, owner: agent.owner },
  }
}

async function pasted(
  { database, clock, readRequest }: AdminParts,
  text: string,
  name: string | null,
): Promise<AskedThen | Refused> {
  const row = name === null ? null : await findAgent(database, name)
  if (name !== null && !row) return unknownAgent(database, name)
  if (/^[^[{"]/.test(text.trim()))
    return {
      refused: 'That is no request: it is JSON in braces, as an agent sends it, or the id of an earlier one',
    }
  // Rules about the agent find somebody of no name; a new agent's environment is this one.
  const agent = row ?? { id: '', name: '', owner: '', environment: 'production' }
  const read = readRequest(text, agent.environment)
  if (!read.ok) {
    const words = read.faults.map(({ pointer, detail }) =>
      pointer === '' ? detail : `${pointer}: ${detail}`,
    )
    return { refused: `That is no request: ${words.join('; ')}${curly(text)}` }
  }
  const { freezes } = await readDesk(database)
  const freeze = freezeInForce(freezes.filter((one) => concerns(one, agent.id)))
  const request: Request = read.value
  return {
    supposed: { agent, request, now: clock.now(), past: pastOf(database), freeze },
    approval_id: null,
    as: row && { name: row.name, owner: row.owner },
  }
}

/** Phones and word processors write quotation marks that JSON does not know. */
function curly(text: string): string {
  return /[“”„‟]/.test(text) ? '. It has curly quotation marks: JSON needs straight ones' : ''
}
