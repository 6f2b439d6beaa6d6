import type { Click, Entry, Ledger } from '../ledger/ledger.ts'
import type { Random } from '../random.ts'
import { now, pause } from '../time.ts'
import { roles } from '../world/workspace.ts'
import type { Deed, PostedCard, Seen } from '../world/slack-messages.ts'
import type { Move } from './intents.ts'

/** People click again when Slack shows them that the app did not answer. */
const mostTries = 4

/**
 * The people of the workspace. Each does one thing at a time, as people do, so that what somebody was told can be put
 * down to what they did.
 */
export function createApprovers(parts: {
  ledger: Ledger
  make(deed: Deed): Promise<Seen>
  random: Random
  stop: AbortSignal
}) {
  const { ledger, make, random, stop } = parts
  const lastOf = new Map<string, Promise<unknown>>()
  const visited = new Set<string>()
  const busy = new Set<Promise<unknown>>()

  /** After whatever this person is doing. */
  function inTurn<T>(who: string, work: () => Promise<T>): Promise<T> {
    const done = (lastOf.get(who) ?? Promise.resolve()).then(work)
    const over = done.catch(() => undefined)
    lastOf.set(who, over)
    return done
  }

  async function note(entry: Entry, what: Click['what'], deed: Deed): Promise<Seen> {
    const began = now()
    const seen = await make(deed)
    if (seen.taken === 'not there') return seen
    const { form } = seen
    entry.clicks.push({
      who: deed.who,
      what,
      acked: seen.taken === 'acked',
      form_opened: what === 'open_form' && form?.can_submit === true,
      told_in_form: form !== null && !form.can_submit,
      began,
      ended: began + seen.took_ms,
    })
    return seen
  }

  async function approve(entry: Entry, { channel, ts }: PostedCard, { who, twice }: Move) {
    const once = () => note(entry, 'approve', { do: 'press', who, channel, ts, button: 'Approve' })
    const seen = await Promise.all(twice ? [once(), once()] : [once()])
    return seen.some(({ taken }) => taken !== 'unanswered')
  }

  async function reject(entry: Entry, { channel, ts }: PostedCard, { who, thinks_ms }: Move) {
    const opened = await note(entry, 'open_form', {
      do: 'press',
      who,
      channel,
      ts,
      button: 'Reject',
      opens_form: true,
    })
    const { form, taken } = opened
    if (!form) return taken !== 'unanswered'
    const { view_id, can_submit } = form
    try {
      if (!can_submit || taken !== 'acked') return taken !== 'unanswered'
      await pause(thinks_ms, stop)
      const sent = await note(entry, 'reject', { do: 'send', who, view_id, words: 'Not like this' })
      return sent.taken !== 'unanswered'
    } finally {
      await make({ do: 'close', who, view_id })
    }
  }

  async function carryOut(entry: Entry, card: PostedCard, move: Move) {
    await pause(move.after_ms, stop)
    for (let tries = 0; tries < mostTries && !stop.aborted; tries += 1) {
      const vote = move.vote === 'approve' ? approve : reject
      if (await inTurn(move.who, () => vote(entry, card, move))) return
      await pause(random.between(500, 2_000), stop)
    }
  }

  return {
    /** A card was posted: those who are going to decide come to it. A second one in its place is left alone. */
    async onCard(card: PostedCard): Promise<void> {
      const place = `${card.approval_id} ${card.stage} ${card.channel}`
      if (visited.has(place)) return
      visited.add(place)
      const entry = await ledger.known(card.approval_id)
      for (const move of entry.intent.moves.filter((each) => isFor(each, card))) {
        const done = carryOut(entry, card, move).finally(() => busy.delete(done))
        busy.add(done)
      }
    },
    /** Resolves when nobody has anything left to click. */
    async idle(): Promise<void> {
      while (busy.size > 0) await Promise.all(busy)
    },
  }
}

function isFor({ stage, role }: Move, card: PostedCard): boolean {
  return stage === card.stage && roles[role]?.channel === card.channel
}
