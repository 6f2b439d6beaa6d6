import { describe, expect, test } from '@jest/globals'
import { assert, property, sample, tuple } from 'fast-check'
import { isTerminal, openStage, statuses, votingRoles, type Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import type { Fact } from '../../src/approval/events.ts'
import { shape } from '../../src/approval/shape.ts'
import { asker, minute, owner } from './given.ts'
import { play, plans, stories, type Happening } from './stories.ts'

const runs = { numRuns: 400 }
const endings = ['approval.approved', 'approval.rejected', 'approval.expired', 'approval.cancelled']

/** Checks what holds of every approval, whatever is done to it. */
function always(check: (last: Approval, happened: Happening[]) => void) {
  assert(
    property(plans, stories, (plan, steps) => {
      const { last, happened } = play(plan, steps)
      check(last, happened)
    }),
    runs,
  )
}

function endingFacts(happened: Happening[]): Fact[] {
  return happened.flatMap(({ outcome }) => outcome.facts).filter((fact) => endings.includes(fact.type))
}

/**
 * The votes that were accepted as they came, by somebody in a role that was asked by then: what the approval’s own
 * record must agree with.
 */
function acceptedApprovals(happened: Happening[], index: number): string[] {
  return happened.flatMap(({ before, input, now, outcome }) => {
    if (input.type !== 'vote' || input.vote !== 'approve' || input.stage !== index) return []
    const { membership } = input
    const stage = before.stages[index]
    const asked = stage ? votingRoles(stage) : []
    const held = membership.readable && asked.some((role) => membership.roles.includes(role))
    return held && outcome.reply.counted && now < before.expires_at ? [input.by.slack_user_id] : []
  })
}

test('the random stories end in every way, and some do not end', () => {
  const played = sample(tuple(plans, stories), { numRuns: 1_000, seed: 7 }).map(([plan, steps]) =>
    play(plan, steps),
  )
  const many = played.filter(({ last }) => last.status === 'approved' && last.stages.length > 1)
  const replies = played.flatMap(({ happened }) =>
    happened.map(({ outcome: { reply } }) => (reply.counted ? 'counted' : reply.because)),
  )

  expect(new Set(played.map(({ last }) => last.status))).toEqual(new Set(statuses))
  expect(many.length).toBeGreaterThan(0)
  expect([...new Set(replies)].sort()).toEqual([
    'counted',
    'decided',
    'extended_already',
    'membership_unreadable',
    'not_allowed',
    'not_due',
    'not_in_role',
    'own_agent',
    'own_request',
    'stale',
    'voted_already',
    'voted_in_earlier_stage',
  ])
})

describe('whatever is done to an approval', () => {
  test('once ended it stays the very same', () => {
    always((_, happened) => {
      for (const { before, outcome } of happened) if (isTerminal(before)) expect(outcome.next).toBe(before)
    })
  })

  test('it ends once, with one event that says how', () => {
    always((last, happened) => {
      const expected = isTerminal(last) ? [`approval.${last.status}`] : []
      expect(endingFacts(happened).map((fact) => fact.type)).toEqual(expected)
      const ended = happened.filter(({ before, outcome }) => !isTerminal(before) && isTerminal(outcome.next))
      expect(ended).toHaveLength(expected.length)
    })
  })

  test('it is decided exactly when it has ended, by whom the event says', () => {
    always((last, happened) => {
      expect(last.decision !== null).toBe(isTerminal(last))
      expect(last.decided_at).toEqual(last.decision?.at ?? null)
      expect(endingFacts(happened)[0]?.actor).toEqual(last.decision?.by)
    })
  })

  test('approved, each stage has its number of different people, who were in the role and in time', () => {
    always((last, happened) => {
      if (last.status !== 'approved') return
      last.stages.forEach((stage, index) => {
        const yes = stage.votes.filter((vote) => vote.vote === 'approve')
        const approvers = yes.map((vote) => vote.by.slack_user_id)
        expect(approvers).toHaveLength(stage.approvals)
        expect(new Set(approvers).size).toBe(stage.approvals)
        expect(approvers).toEqual(acceptedApprovals(happened, index))
        for (const vote of yes) expect(vote.at.getTime()).toBeLessThan(last.expires_at.getTime())
      })
    })
  })

  test('nobody whom the plan excludes has approved anything, ended or not', () => {
    always((last) => {
      const separate = last.plan.separation_of_duties
      const perStage = last.stages.map((stage) =>
        stage.votes.filter((vote) => vote.vote === 'approve').map((vote) => vote.by.slack_user_id),
      )
      const all = perStage.flat()
      if (separate.asker) expect(all).not.toContain(asker.slack_user_id)
      if (separate.owner) expect(all).not.toContain(owner.slack_user_id)
      if (separate.repeat) expect(new Set(all).size).toBe(all.length)
      for (const stage of perStage) expect(new Set(stage).size).toBe(stage.length)
      if (!last.plan.allowed_decisions.includes('approve')) expect(all).toEqual([])
    })
  })

  test('rejected by a person, that person voted so; nobody else ever rejects', () => {
    always((last) => {
      const no = last.stages.flatMap((stage) => stage.votes).filter((vote) => vote.vote === 'reject')
      const by = last.decision?.by
      const byPerson = last.status === 'rejected' && by?.type === 'human'
      expect(no.map((vote) => vote.by.slack_user_id)).toEqual(byPerson ? [by.slack_user_id] : [])
    })
  })

  test('expired or rejected by time, no person is named; approved or rejected in time, one is', () => {
    always((last) => {
      if (last.decision === null) return
      const late = last.decision.at >= last.expires_at
      const timed = last.plan.on_timeout === 'reject' ? 'rejected' : 'expired'
      const expected = late ? 'timeout' : last.status === 'cancelled' ? 'agent' : 'human'
      expect(last.decision.by.type).toBe(expected)
      if (late) expect(last.status).toBe(timed)
      if (last.status === 'expired') expect(last.decision.by).toEqual({ type: 'timeout' })
    })
  })

  test('every input leaves a trace, save timers and cancels that mean nothing and what is found and changes nothing', () => {
    always((_, happened) => {
      for (const { before, input, outcome } of happened) {
        const { counted } = outcome.reply
        const silent =
          (input.type === 'time_is_up' && !counted) ||
          (input.type === 'cancel' && !counted) ||
          (input.type === 'reach' && before.unreachable === outcome.next.unreachable)
        if (!silent) expect(outcome.facts.length).toBeGreaterThan(0)
      }
    })
  })

  test('every click is in the audit with who made it, counted or not', () => {
    always((_, happened) => {
      for (const { input, outcome } of happened) {
        if (input.type !== 'vote' && input.type !== 'begin_vote' && input.type !== 'extend') continue
        const counts = { vote: 'vote.cast', begin_vote: 'form.opened', extend: 'approval.extended' }[
          input.type
        ]
        const clicks = outcome.facts.filter((fact) => [counts, 'click.refused'].includes(fact.type))
        expect(clicks.map((fact) => fact.type)).toEqual([outcome.reply.counted ? counts : 'click.refused'])
        expect(clicks[0]?.actor).toEqual({ type: 'human', ...input.by })
      }
    })
  })

  test('a click that counts was made on the card of the open stage as it is', () => {
    always((_, happened) => {
      for (const { before, input, outcome } of happened) {
        if (!('revision' in input) || !outcome.reply.counted) continue
        expect({ stage: input.stage, revision: input.revision }).toEqual({
          stage: openStage(before),
          revision: before.revision,
        })
      }
    })
  })

  test('what does not count changes nothing but an approval whose time is up', () => {
    always((_, happened) => {
      for (const { before, now, outcome } of happened) {
        if (outcome.reply.counted || (!isTerminal(before) && now >= before.expires_at)) continue
        expect(outcome.next).toBe(before)
        expect(outcome.effects).toEqual([])
      }
    })
  })

  test('the revision never goes back, and grows when another stage opens', () => {
    always((_, happened) => {
      for (const { before, outcome } of happened) {
        const opening = outcome.facts.some((fact) => fact.type === 'stage.met') && !isTerminal(outcome.next)
        expect(outcome.next.revision).toBe(before.revision + (opening ? 1 : 0))
      }
    })
  })

  test('stages are met in order, and one is waited for exactly while the approval is pending', () => {
    always((last) => {
      const order = last.stages.map((stage) => stage.status[0]).join('')
      expect(order).toMatch(last.status === 'approved' ? /^m+$/ : /^m*ow*$/)
      expect(openStage(last)).toBe(isTerminal(last) ? null : order.indexOf('o'))
    })
  })

  test('the cards are brought up to date where what anybody sees changed, once; and never for nothing', () => {
    always((_, happened) => {
      for (const { before, outcome } of happened) {
        const shown = outcome.effects.filter((effect) => effect.do === 'show_cards').length
        expect(shown).toBeLessThanOrEqual(1)
        if (JSON.stringify(shape(before)) !== JSON.stringify(shape(outcome.next))) expect(shown).toBe(1)
        if (outcome.next === before) expect(shown).toBe(0)
      }
    })
  })
})

describe('the same input again', () => {
  test('right after itself never counts', () => {
    always((_, happened) => {
      for (const { input, now, outcome } of happened) {
        const again = decide(outcome.next, input, now)
        expect(again.next).toBe(outcome.next)
        expect(again.effects).toEqual([])
        if (input.type !== 'begin_vote') expect(again.reply.counted).toBe(false)
      }
    })
  })

  test('at the end of the story never counts where it counted before', () => {
    always((last, happened) => {
      for (const { input, outcome } of happened) {
        if (!outcome.reply.counted || input.type === 'begin_vote') continue
        // What is found out comes and goes, and where the end was moved its last warning lies ahead again.
        if (input.type === 'reach' || (input.type === 'time_is_up' && input.step.at === 'warning')) continue
        const again = decide(last, input, minute(29))
        expect(again.reply.counted).toBe(false)
        expect(again.next).toBe(last)
      }
    })
  })
})
