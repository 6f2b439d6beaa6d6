import { formatDuration } from '../../approval/duration.ts'
import { rolesInWords } from '../../approval/plan.ts'
import type { DueRung } from '../../approval/schedule.ts'
import { verdict } from './compare.ts'
import type { Sentence } from '../sentence.ts'
import { explainedRules, type Trial } from './trial.ts'

/** A heading with what belongs to it. */
export type Section = { title: string; lines: Sentence[] }

/** How many people are named at a stage. */
const namedPeople = 20

/** What a policy would do with a request, the same in Slack and on the command line. `names` has those of people. */
export function trialWords(trial: Trial, names: Record<string, string>): Section[] {
  const { prospects } = trial.foreseen
  return [
    whatHappens(trial),
    { title: 'Why', lines: whyWords(trial) },
    ...prospects.stages.map((_, index) => stageWords(trial, index, names)),
    ...(prospects.stages.length > 0 ? [endWords(trial)] : []),
    { title: 'The agent is told', lines: [toldWords(trial)] },
  ]
}

/** Everybody whom the words of a trial name. */
export function namedIn({ agent, foreseen }: Trial): string[] {
  const voters = foreseen.prospects.stages.flatMap((stage) => stage.voters?.slice(0, namedPeople) ?? [])
  return [...(agent ? [agent.owner] : []), ...voters.map(({ slack_user_id }) => slack_user_id)]
}

function whatHappens({ version, agent, approval_id, at, foreseen }: Trial): Section {
  const { approval, freeze } = foreseen
  const policy = version === null ? 'This document' : `Policy version ${version}`
  const who = agent
    ? `for ${agent.name}`
    : 'for no agent in particular, whose name and owner are empty: name one to judge rules about it'
  return {
    title: `${policy}: ${verdict(approval.plan)}`,
    lines: [
      approval_id === null
        ? [`As it would be asked now, ${who}.`]
        : [`As ${approval_id} was asked, `, at, `, ${who}. Who could vote is as it is now.`],
      ...(approval.plan.reason === null ? [] : [[`The rule’s reason: ${approval.plan.reason}`]]),
      ...(freeze === null
        ? []
        : [[`But everything is rejected now: frozen since `, freeze.at, `, “${freeze.reason}”`]]),
    ],
  }
}

function whyWords({ rules, foreseen }: Trial): Sentence[] {
  const words = rules.map((rule): Sentence => [`${rule.rule} ${outcomeWords(rule)}`])
  const telling = rules.map(({ outcome: how }) => how !== 'not_matched')
  const plain = rules.flatMap(({ outcome: how }, index) => (how === 'not_matched' ? [index] : []))
  const named = new Set(plain.slice(-explainedRules))
  const left = plain.length - named.size
  const byDefaults = foreseen.approval.plan.rule === null
  return [
    ...(left > 0 ? [[`${left} more rules before these do not match.`]] : []),
    ...words.filter((_, index) => telling[index] || named.has(index)),
    ...Object.entries(foreseen.history).map(([name, value]): Sentence => [
      `Of the past: ${name} is ${value ?? 'not known'}.`,
    ]),
    ...(byDefaults ? [['No rule decides, so the defaults do.']] : []),
  ]
}

function outcomeWords({ outcome, detail, when, not }: Trial['rules'][number]): string {
  const condition = when === null ? '' : `: ${when}`
  switch (outcome) {
    case 'matched':
      return `matches${condition}`
    case 'not_matched':
      return `does not match: ${not.join(' and ')} ${not.length === 1 ? 'is' : 'are'} false`
    case 'failed':
      return `fails (${detail ?? ''})${condition}`
    case 'passed_over':
      return `is ${detail ?? ''}${condition}`
  }
}

function stageWords({ foreseen }: Trial, index: number, names: Record<string, string>): Section {
  const { approval, prospects } = foreseen
  const state = approval.stages[index]!
  const { voters, problem, moves_on_to, ladder } = prospects.stages[index]!
  const people = (voters ?? [])
    .slice(0, namedPeople)
    .map(({ slack_user_id }) => names[slack_user_id] ?? slack_user_id)
  const more = (voters?.length ?? 0) - people.length
  const who =
    voters === null
      ? 'Who could approve it is not known: Slack could not be asked.'
      : voters.length === 0
        ? 'Nobody could approve it now.'
        : `Could approve it now: ${people.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return {
    title: `Stage ${index + 1}: ${state.approvals} of ${rolesInWords(state.roles)}`,
    lines: [
      [who],
      ...(problem === null ? [] : [[`⚠ ${problem}`]]),
      ...(moves_on_to.length > 0 ? [[`So ${moves_on_to.join(' and ')} would be asked at once.`]] : []),
      ...ladder.map((due) => rungWords(due, index === 0, approval.expires_at)),
    ],
  }
}

/** When a later stage opens nobody knows: then only how long after that. */
function rungWords({ rung, at }: DueRung, is_open: boolean, end: Date): Sentence {
  const after = `After ${formatDuration(rung.after_ms)}`
  const what = {
    remind: 'a reminder',
    mention: 'everybody in it is mentioned',
    escalate: rung.do === 'escalate' ? `${rung.to} is asked too` : '',
    require: rung.do === 'require' ? `it needs ${rung.approvals} approvals` : '',
  }[rung.do]
  if (!is_open) return [`${after} from its opening: ${what}`]
  const late = at >= end ? '. That would be after the end, and never comes' : ''
  return [`${after}, `, at, `: ${what}${late}`]
}

function endWords({ foreseen }: Trial): Section {
  const { approval, prospects } = foreseen
  const { on_timeout, extend_ms, valid_for_ms } = approval.plan
  const onlyTogether = prospects.stages.every(({ can_be_met }) => can_be_met !== false)
  return {
    title: 'The end',
    lines: [
      [
        `Without an answer it ${on_timeout === 'reject' ? 'is rejected' : 'expires'} `,
        approval.expires_at,
        '.',
      ],
      ...(extend_ms === null ? [] : [[`An approver may move that by ${formatDuration(extend_ms)}, once.`]]),
      [`Once approved it may be acted on for ${formatDuration(valid_for_ms)}.`],
      ...(prospects.can_be_met === false && onlyTogether
        ? [[`⚠ As a whole: ${prospects.problem ?? ''}`]]
        : []),
    ],
  }
}

function toldWords({ foreseen }: Trial): Sentence {
  const { status, plan, decision } = foreseen.approval
  if (status === 'pending')
    return [
      `pending, by rule ${plan.rule ?? 'defaults'}. The decisions it may get: ${plan.allowed_decisions.join(', ')}.`,
    ]
  const by = decision?.by.type === 'freeze' ? 'by the freeze' : 'at once'
  return [`${status} ${by}${decision?.reason ? `: ${decision.reason}` : ''}`]
}
