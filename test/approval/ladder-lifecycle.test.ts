import { describe, expect, test } from '@jest/globals'
import { assert, property, sample, tuple } from 'fast-check'
import { isTerminal, openStage, votingRoles, type Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import { listed } from '../../src/approval/plan.ts'
import { nextOpening } from '../../src/approval/hours.ts'
import { nextMoment, nextRung } from '../../src/approval/ladder.ts'
import { minute, start } from './given.ts'
import { leftAlone, play, plans, stories, type Happening, type Timer } from './stories.ts'

const runs = { numRuns: 400 }

/** Checks what holds of every ladder, whatever happens meanwhile. */
function always(check: (played: ReturnType<typeof play>) => void) {
  assert(
    property(plans, stories, (plan, steps) => check(play(plan, steps))),
    runs,
  )
}

/** Checks each change that leaves the same stage open. */
function withinAStage(check: (before: Approval, after: Approval, happening: Happening) => void) {
  always(({ happened }) => {
    for (const happening of happened) {
      const { before, outcome } = happening
      const stage = openStage(before)
      if (stage !== null && stage === openStage(outcome.next)) check(before, outcome.next, happening)
    }
  })
}

test('the random stories climb every kind of rung, warn, extend, and lose and find their approvers', () => {
  const facts = sample(tuple(plans, stories), { numRuns: 1_000, seed: 7 })
    .flatMap(([plan, steps]) => play(plan, steps).happened)
    .flatMap(({ outcome }) => outcome.facts.map((fact) => fact.type))

  expect([...new Set(facts)]).toEqual(
    expect.arrayContaining([
      'step.reminded',
      'step.mentioned',
      'step.escalated',
      'step.required',
      'step.warned',
      'approval.extended',
      'stage.unreachable',
      'stage.reachable',
    ]),
  )
})

/** What a ladder does in half an hour, by going through its minutes; a minute's reminders in a row are one. */
function dueInTime({ plan, stages: [stage] }: Approval): string[] {
  const done: string[] = []
  for (let at = start.getTime(); at < minute(30).getTime(); at += 60_000) {
    const now = plan.escalation.filter((rung) => {
      const due = new Date(start.getTime() + rung.after_ms)
      const openings = (rung.do === 'escalate' ? [rung.to] : listed(stage?.roles ?? { any: [] })).map(
        (role) => {
          const hours = plan.hours[role]
          return (hours ? nextOpening(hours, due) : due).getTime()
        },
      )
      return Math.min(...openings) === at
    })
    const names = { remind: 'reminded', mention: 'mentioned', escalate: 'escalated', require: 'required' }
    done.push(
      ...now
        .filter((rung, i) => rung.do !== 'remind' || now[i - 1]?.do !== 'remind')
        .map((rung) => `step.${names[rung.do]}`),
    )
  }
  return done
}

describe('whatever happens to a pending approval', () => {
  test('a timer runs for what comes next, set for that moment or before', () => {
    const runs = (timers: Timer[], approval: Approval) => {
      const next = nextMoment(approval)
      if (next === null) throw new Error('nothing comes next')
      const same = timers.filter(({ step }) => JSON.stringify(step) === JSON.stringify(next.step))
      return same.some(({ at }) => at <= next.at)
    }
    always(({ happened }) => {
      for (const { outcome, timers } of happened)
        expect(isTerminal(outcome.next) || runs(timers, outcome.next)).toBe(true)
    })
  })

  test('left alone from then on it ends by its timers, at its end, on time and never approved', () => {
    always(({ last, happened, timers }) => {
      const latest = happened.reduce((at, { now }) => (now > at ? now : at), start)
      const rest = leftAlone(last, latest, timers)
      const ended = rest.find(({ before, outcome }) => !isTerminal(before) && isTerminal(outcome.next))
      const final = rest.at(-1)?.outcome.next ?? last

      expect(isTerminal(final)).toBe(true)
      if (isTerminal(last)) return expect(final).toBe(last)
      expect(final.status).toBe(final.plan.on_timeout === 'reject' ? 'rejected' : 'expired')
      expect(final.decision?.by).toEqual({ type: 'timeout' })
      expect(ended?.now).toEqual(latest > final.expires_at ? latest : final.expires_at)
    })
  })

  test('left alone from the start each rung and warning in its time is taken, once and without delay', () => {
    assert(
      property(plans, (plan) => {
        const { last: given, timers } = play(plan, [])
        const rest = leftAlone(given, start, timers)
        const steps = rest.flatMap(({ outcome }) =>
          outcome.facts.filter(({ type }) => type.startsWith('step.')),
        )
        const rungs = steps.filter(({ type }) => type !== 'step.warned')

        const final = rest.at(-1)?.outcome.next ?? given
        expect(steps.map(({ data }) => 'lateness_ms' in data && data.lateness_ms)).toEqual(steps.map(() => 0))
        expect(rungs.map(({ data }) => 'level' in data && data.level)).toEqual(rungs.map((_, i) => i + 1))
        expect(final.escalation).toMatchObject({ level: rungs.length, warned: 90 })
        expect(rungs.map(({ type }) => type)).toEqual(dueInTime(given))
      }),
      runs,
    )
  })

  test('nobody loses a vote or the right to one while its stage is open, and no fewer must approve', () => {
    withinAStage((before, next, { outcome }) => {
      next.stages.forEach((stage, index) => {
        const was = before.stages[index]
        if (!was) throw new Error('a stage came from nowhere')
        expect(votingRoles(stage).slice(0, votingRoles(was).length)).toEqual(votingRoles(was))
        expect(stage.votes.slice(0, was.votes.length)).toEqual(was.votes)
        expect(stage.approvals).toBeGreaterThanOrEqual(was.approvals)
        expect(stage.approvals).toBeGreaterThanOrEqual(before.plan.stages[index]?.approvals ?? Infinity)
      })
      expect(next.revision).toBe(before.revision)
      expect(outcome.next.plan).toBe(before.plan)
    })
  })

  test('its level never goes down within a stage, and starts anew with the next', () => {
    withinAStage((before, next) => {
      expect(next.escalation.level).toBeGreaterThanOrEqual(before.escalation.level)
    })
    always(({ happened }) => {
      for (const { outcome } of happened)
        if (outcome.facts.some(({ type }) => type === 'stage.met') && !isTerminal(outcome.next))
          expect(outcome.next.escalation.level).toBe(0)
    })
  })

  test('its end moves once at most, forward, by what the plan says, and only where somebody asked', () => {
    always(({ last, happened }) => {
      const moved = happened.filter(({ before, outcome }) => before.expires_at !== outcome.next.expires_at)
      expect(moved.length).toBeLessThanOrEqual(1)
      for (const { input, before, outcome } of moved) {
        expect(input.type).toBe('extend')
        expect(outcome.next.expires_at.getTime() - before.expires_at.getTime()).toBe(last.plan.extend_ms)
      }
      expect(last.escalation.extended).toBe(moved.length === 1)
    })
  })

  test('a timer takes no step before its time, and says how late it is', () => {
    always(({ happened }) => {
      for (const { before, input, now, outcome } of happened) {
        if (input.type !== 'time_is_up' || !outcome.reply.counted || input.step.at !== 'rung') continue
        const [fact] = outcome.facts
        if (isTerminal(outcome.next)) continue
        const due = before.escalation.next_at
        expect(due !== null && now >= due).toBe(true)
        expect(fact?.data).toMatchObject({ lateness_ms: now.getTime() - (due?.getTime() ?? 0) })
      }
    })
  })

  test('the next rung is within the hours of whom it asks, and before the end', () => {
    always(({ last }) => {
      const stage = last.stages[openStage(last) ?? -1]
      const next = nextRung(last)
      if (!next || !stage) return
      const asked = next.rung.do === 'escalate' ? [next.rung.to] : listed(stage.roles)
      const opens = (role: string) => {
        const hours = last.plan.hours[role]
        return hours ? nextOpening(hours, next.at) : next.at
      }
      expect(next.at).toEqual(last.escalation.next_at)
      expect(next.at.getTime()).toBeLessThan(last.expires_at.getTime())
      expect(asked.map(opens)).toContainEqual(next.at)
    })
  })

  test('each rung is taken once for a stage, also where timers go off twice', () => {
    always(({ happened }) => {
      const taken = happened.flatMap(({ outcome }) =>
        outcome.facts.flatMap(({ data }) => ('level' in data ? [`${data.stage} ${data.level}`] : [])),
      )
      expect(new Set(taken).size).toBe(taken.length)
    })
  })

  /** Every vote has the cards shown anew, and showing them finds out who is there: only after that is it known. */
  function cardsShown(approval: Approval): Approval {
    const stage = openStage(approval)
    if (stage === null) return approval
    return decide(approval, { type: 'reach', stage, problems: {}, voters: null }, start).next
  }

  test('it is said to be out of reach exactly while the roles that are left could not meet its open stage', () => {
    always((played) => {
      const last = cardsShown(played.last)
      const stage = last.stages[openStage(last) ?? -1]
      if (!stage) return
      const isLost = (role: string) => stage.problems[role] !== undefined
      const help = !stage.escalated_to.every(isLost)
      const answered = (roles: string[]) => (role: string) => roles.includes(role)
      const voted = stage.votes.map(({ roles }) => roles)
      const lost =
        'any' in stage.roles
          ? votingRoles(stage).every(isLost)
          : !help &&
            stage.roles.all.some((role) => isLost(role) && !voted.some((roles) => answered(roles)(role)))
      // Who voted for two roles counts for one: only then may it be lost although each role has answered.
      if (lost) expect(last.unreachable).not.toBeNull()
      else if (last.unreachable !== null)
        expect('all' in stage.roles && !help && voted.some((roles) => roles.length > 1)).toBe(true)
    })
  })

  test('out of reach it has no other role left to ask', () => {
    always(({ last }) => {
      if (last.unreachable === null) return
      const stage = last.stages[openStage(last) ?? -1]
      const left = last.plan.escalation.flatMap((rung) => (rung.do === 'escalate' ? [rung.to] : []))
      const asked = stage ? votingRoles(stage) : []
      expect(left.filter((role) => !asked.includes(role))).toEqual([])
    })
  })
})
