import type { JsonObject } from './approval.ts'

/** What each kind of audit event that belongs to no approval records beside who did it and when. */
export type AdminRecorded = {
  /** `key` is the first part of the API key, by which it is found and which proves nothing. */
  'agent.added': OfAgent & { owner: string; environment: string; key: string }
  'agent.disabled': OfAgent & { reason: string | null }
  /** `disabled_at` is since when it was off. */
  'agent.enabled': OfAgent & { disabled_at: Date | null }
  'agent.rotated': OfAgent & { key: string; old_keys: string[]; old_until: Date }
  /** `agent` is null where it is about all of them; `reason` of a freeze that was lifted is why it began. */
  'freeze.started': OfFreeze
  'freeze.lifted': OfFreeze & { lasted_ms: number }
  'policy.saved': OfVersion
  /** `to` is the version whose text it is. */
  'policy.rolled_back': OfVersion & { to: number }
  'policy.proposed': {
    proposal: number
    before: number
    note: string | null
    to: number | null
    added: number
    removed: number
    lapses_at: Date
  }
  'policy.proposal_rejected': OfProposal & { reason: string | null }
  'policy.proposal_lapsed': OfProposal & { because: string }
  'policy.click_refused': {
    proposal: number
    click: 'confirm' | 'reject'
    because: 'not_admin' | 'own_proposal' | 'not_waiting' | 'faulty'
  }
  'key.rotated': {
    purpose: 'checkpoint' | 'permit'
    kid: string
    public: string
    old_kid: string | null
    at_once: boolean
  }
  'job.retried': {
    job_id: string
    kind: string
    payload: JsonObject
    attempts: number
    last_error: string | null
    dead_at: Date
  }
}

type OfAgent = { agent_id: string; name: string }
type OfFreeze = { freeze_id: string; agent: string | null; reason: string }
type OfProposal = { proposal: number; proposed_by: string }

/** The first version, of `POLICY_FILE`, follows none and was proposed by nobody. */
type OfVersion = {
  version: number
  before: number | null
  note: string | null
  added?: number
  removed?: number
  proposal?: number | null
  proposed_by?: string | null
}
