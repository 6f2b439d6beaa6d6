import type { Random } from '../random.ts'
import { rules, type Rule } from '../world/policy.ts'
import { roles, strangers } from '../world/workspace.ts'

/** What one person does on a card of a stage in a role's channel, once it is there. */
export type Move = {
  stage: number
  role: string
  who: string
  vote: 'approve' | 'reject'
  after_ms: number
  /** Clicks twice at once. */
  twice: boolean
  /** How long the form stays open before it is sent. */
  thinks_ms: number
}

/** What is going to be done about one approval, chosen beforehand: by the seed and its number, never by the timing. */
export type Intent = {
  index: number
  agent: number
  rule: Rule
  on_behalf_of: string | null
  expires_in_s: number | null
  calls_back: boolean
  /** The same request goes to two replicas at once. */
  twins: boolean
  /** The agent takes it back, so long after it was acknowledged. */
  cancels_after_ms: number | null
  /** The agent waits for the decision. */
  waits: boolean
  moves: Move[]
}

type Fate = 'approved' | 'rejected' | 'race' | 'photo finish' | 'silence'

const fates: Fate[] = [
  ...Array.from({ length: 11 }, () => 'approved' as const),
  ...Array.from({ length: 3 }, () => 'rejected' as const),
  ...Array.from({ length: 3 }, () => 'race' as const),
  'photo finish',
  'silence',
  'silence',
]

/** @param tempo stretches the times; see `Size` */
export function makeIntent(seed: Random, index: number, agents: number, tempo: number): Intent {
  const random = seed.fork(`approval ${index}`)
  const rule = random.chance(0.2) ? random.pick(rules.slice(0, 2)) : random.pick(rules.slice(2))
  const fate = random.pick(fates)
  const members = rule.stages.flatMap(({ role }) => roles[role]?.members ?? [])
  return {
    index,
    agent: index % agents,
    rule,
    on_behalf_of: random.chance(0.2) && members.length > 0 ? random.pick(members) : null,
    expires_in_s: expiry(fate, random, tempo),
    calls_back: random.chance(0.85),
    twins: random.chance(0.05),
    cancels_after_ms: random.chance(0.07) ? random.between(0, 4_000) * tempo : null,
    waits: random.chance(0.2),
    moves: rule.stages.flatMap((stage, index) => movesAt(rule, { ...stage, index }, fate, random, tempo)),
  }
}

function expiry(fate: Fate, random: Random, tempo: number): number | null {
  if (fate === 'photo finish') return 3
  if (fate === 'silence') return random.between(2, tempo < 1 ? 4 : 12)
  return random.chance(0.5) ? null : Math.max(6, Math.round(random.between(40, 80) * tempo))
}

function movesAt(
  { escalates }: Rule,
  { role: first_role, approvals, index: stage }: Rule['stages'][number] & { index: number },
  fate: Fate,
  random: Random,
  tempo: number,
): Move[] {
  if (fate === 'silence') return []
  // Sometimes nobody comes until another role is asked too.
  const role = escalates && random.chance(0.3) ? escalates.to : first_role
  const members = roles[role]?.members ?? []
  const move = (who: string, vote: Move['vote'], after_ms: number): Move => ({
    stage,
    role,
    who,
    vote,
    after_ms: after_ms * tempo,
    twice: random.chance(0.08),
    thinks_ms: random.between(0, 1_500) * Math.min(1, tempo),
  })
  const soon = () => random.between(50, 3_000)
  // Now and then more than needed: one of them may be the asker or the agent's owner, or be late.
  const people = random.some(members, approvals + (random.chance(0.3) ? 1 : 0))
  const [first = '', ...rest] = people
  const wrong = random.chance(0.1) ? [move(random.pick(strangers), 'approve', soon())] : []
  switch (fate) {
    case 'approved':
      return [...wrong, ...people.map((who) => move(who, 'approve', soon()))]
    case 'rejected':
      return [...wrong, move(first, 'reject', soon())]
    case 'race': {
      const at = soon()
      const racers = random.some(members, approvals + 1)
      return racers.map((who, place) =>
        move(who, place === 0 && random.chance(0.4) ? 'reject' : 'approve', at),
      )
    }
    case 'photo finish':
      return [first, ...rest].map((who) => move(who, 'approve', random.between(2_000, 3_000)))
  }
}
