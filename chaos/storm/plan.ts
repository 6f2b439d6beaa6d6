import type { Random } from '../random.ts'
import type { Size } from '../size.ts'

/** Something that is broken on purpose: when, from the run's start, and for how long. */
export type Trouble = { at_ms: number; lasts_ms: number } & TroubleKind

export type TroubleKind =
  /** SIGKILL, to so many replicas at once. */
  | { what: 'kill'; replicas: number }
  | { what: 'terminate' }
  /** A replica's process is stuck. */
  | { what: 'block' }
  /** Of one replica's way to the database, or of all replicas'. */
  | { what: 'cut' | 'stall' | 'refuse'; all: boolean }
  | { what: 'database crash' }
  | { what: 'slack'; fault: SlackFault }
  | { what: 'endpoint down' }

export type SlackFault = 'delay' | 'lost before' | 'lost after' | 'too fast' | 'error' | 'outage'

type Share = { of: TroubleKind; share: number; lasts_ms: [number, number] }

/** How many of each there are for each kill, and how long they last. */
const shares: Share[] = [
  { of: { what: 'terminate' }, share: 0.06, lasts_ms: [0, 0] },
  { of: { what: 'block' }, share: 0.05, lasts_ms: [500, 4_000] },
  { of: { what: 'cut', all: false }, share: 0.1, lasts_ms: [0, 0] },
  { of: { what: 'cut', all: true }, share: 0.05, lasts_ms: [0, 0] },
  { of: { what: 'stall', all: false }, share: 0.04, lasts_ms: [500, 4_000] },
  { of: { what: 'stall', all: true }, share: 0.02, lasts_ms: [500, 3_000] },
  { of: { what: 'refuse', all: false }, share: 0.04, lasts_ms: [500, 4_000] },
  { of: { what: 'refuse', all: true }, share: 0.03, lasts_ms: [500, 3_000] },
  { of: { what: 'database crash' }, share: 0.01, lasts_ms: [0, 0] },
  { of: { what: 'slack', fault: 'delay' }, share: 0.06, lasts_ms: [1_000, 4_000] },
  { of: { what: 'slack', fault: 'lost before' }, share: 0.06, lasts_ms: [500, 2_000] },
  { of: { what: 'slack', fault: 'lost after' }, share: 0.06, lasts_ms: [500, 2_000] },
  { of: { what: 'slack', fault: 'too fast' }, share: 0.05, lasts_ms: [500, 2_000] },
  { of: { what: 'slack', fault: 'error' }, share: 0.05, lasts_ms: [500, 2_000] },
  { of: { what: 'slack', fault: 'outage' }, share: 0.03, lasts_ms: [3_000, 8_000] },
  { of: { what: 'endpoint down' }, share: 0.08, lasts_ms: [3_000, 9_000] },
]

/** Longer than a job's lease (60 s), so that others take over the work of a process that is stuck. */
const longBlock: Share = { of: { what: 'block' }, share: 0.01, lasts_ms: [65_000, 70_000] }

/** What a brief run has, one of each: what lasts a moment only, and is over for everybody at the same time. */
const brief: TroubleKind[] = [
  { what: 'terminate' },
  { what: 'block' },
  { what: 'cut', all: true },
  { what: 'stall', all: false },
  { what: 'refuse', all: true },
  { what: 'slack', fault: 'lost after' },
  { what: 'slack', fault: 'outage' },
]

/**
 * All the trouble of a run, in the order of its times: the kills, most of a single replica, some of two or of all at
 * once, and of everything else a share of that, at least one each. Spread over `over_ms`, each at a random moment of its
 * own stretch. In a brief run one comes after the other.
 */
export function planTrouble(random: Random, size: Size, over_ms: number): Trouble[] {
  const groups = groupKills(random, size.kills, size.replicas)
  const kills = groups.map((replicas): TroubleKind => ({ what: 'kill', replicas }))
  if (size.tempo < 1) return inTurn(random.some([...kills, ...brief], Infinity), over_ms)

  const list: Trouble[] = []
  const spread = (kinds: TroubleKind[], [least, most]: [number, number]) => {
    for (const [number, kind] of kinds.entries()) {
      const at_ms = Math.round(((number + random.unit()) / kinds.length) * over_ms)
      list.push({ ...kind, at_ms, lasts_ms: random.between(least, most) })
    }
  }
  const often = (share: number) => Math.round(size.kills * share)
  spread(kills, [0, 0])
  for (const { of, share, lasts_ms } of shares)
    spread(
      Array.from({ length: Math.max(1, often(share)) }, () => of),
      lasts_ms,
    )
  if (over_ms > 5 * 60_000)
    spread(
      Array.from({ length: often(longBlock.share) }, () => longBlock.of),
      longBlock.lasts_ms,
    )
  return list.sort((a, b) => a.at_ms - b.at_ms)
}

function inTurn(kinds: TroubleKind[], over_ms: number): Trouble[] {
  const each_ms = Math.round(over_ms / kinds.length)
  return kinds.map((kind, place) => ({
    ...kind,
    at_ms: place * each_ms,
    lasts_ms: Math.round(each_ms * 0.7),
  }))
}

/** Splits the kills into single ones and simultaneous ones; in a small run too there is one of each kind. */
function groupKills(random: Random, kills: number, replicas: number): number[] {
  const groups: number[] = []
  let left = kills
  const take = (size: number) => {
    groups.push(size)
    left -= size
  }
  if (left > replicas) take(replicas)
  while (left > 0) {
    const size = random.chance(0.03) ? replicas : random.chance(0.08) ? 2 : 1
    take(Math.min(size, left))
  }
  return groups.sort(() => random.unit() - 0.5)
}
