import type { AdminEvent } from './read.ts'

/** What an admin did, in words; `who` is their name. Texts of people stand in quotes, as they came. */
export function adminWords(event: AdminEvent, who: string): string {
  switch (event.type) {
    case 'agent.added': {
      const { name, owner, environment } = event.data
      return `${who} added the agent ${name}, owned by ${owner}, for “${environment}”`
    }
    case 'agent.disabled':
      return `${who} disabled the agent ${event.data.name}${quoted(event.data.reason)}`
    case 'agent.enabled':
      return `${who} enabled the agent ${event.data.name} again`
    case 'agent.rotated':
      return `${who} made new secrets for the agent ${event.data.name}; the old ones are good until ${event.data.old_until}`
    case 'freeze.started':
      return `${who} FROZE ${event.data.agent ?? 'everything'}${quoted(event.data.reason)}`
    case 'freeze.lifted': {
      const { agent, lasted_ms, reason } = event.data
      return `${who} lifted the freeze of ${agent ?? 'everything'} after ${Math.round(lasted_ms / 1_000)} s; it was begun with${quoted(reason)}`
    }
    case 'policy.saved':
    case 'policy.rolled_back': {
      const { version, before, note, added, removed, proposed_by } = event.data
      const change = added === undefined ? '' : ` (${lines(added)} added, ${removed ?? 0} removed)`
      const proposer = proposed_by
        ? `, as ${proposed_by === 'operator' ? 'an operator' : proposed_by} proposed`
        : ''
      const back = event.type === 'policy.rolled_back' ? `, back to the text of version ${event.data.to}` : ''
      const after = before === null ? ', the first' : ` after version ${before}`
      return `${who} saved policy version ${version}${after}${back}${change}${proposer}${quoted(note)}`
    }
    case 'policy.proposed': {
      const { proposal, before, note, to, added, removed } = event.data
      const back = to === null ? '' : `, back to the text of version ${to}`
      return `${who} proposed a change of policy version ${before}${back} (proposal ${proposal}: ${lines(added)} added, ${removed} removed)${quoted(note)}`
    }
    case 'policy.proposal_rejected':
      return `${who} rejected proposal ${event.data.proposal} of ${event.data.proposed_by}${quoted(event.data.reason)}`
    case 'policy.proposal_lapsed':
      return `Proposal ${event.data.proposal} of ${event.data.proposed_by} has lapsed: ${event.data.because}`
    case 'policy.click_refused': {
      const { click, proposal, because } = event.data
      return `${who} clicked ${click} on proposal ${proposal} and was refused: ${because}`
    }
    case 'key.rotated': {
      const { purpose, kid, old_kid, at_once } = event.data
      const old =
        old_kid === null ? '' : `, in the place of ${old_kid}${at_once ? ', which ended at once' : ''}`
      return `${who} made a new key for each ${purpose}: ${kid}${old}`
    }
    case 'job.retried': {
      const { job_id, kind, attempts, last_error } = event.data
      return `${who} had the job ${job_id} (${kind}), given up after ${attempts} tries, run again${quoted(last_error)}`
    }
  }
}

function quoted(text: string | null): string {
  return text === null || text === '' ? '' : `: “${text}”`
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`
}
