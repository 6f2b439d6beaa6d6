import type { RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types'
import type { Approval, JsonObject } from '../../../approval/approval.ts'
import { effective } from '../../../approval/effective.ts'
import { formatDuration } from '../../../approval/duration.ts'
import type { Plan, Rung } from '../../../approval/plan.ts'
import { shown, type RawApproval, type ShownApproval } from '../../../approval/shown.ts'
import type { Highlight } from '../../../audit/index.ts'
import { rowsOf } from '../layout.ts'
import { addressOf } from '../links.ts'
import { person, type People } from '../people.ts'
import { retryLines } from '../retry.ts'
import { endingLines } from '../ending.ts'
import type { SaidRoom } from '../said.ts'
import { frozenLines, stageLines } from '../status.ts'
import type { EditedRoom } from '../edited.ts'
import { bold, code, date, line, plain } from '../text.ts'
import { piecesOf, type Piece } from './pieces.ts'

/** A part of Details under a heading of its own. */
export type Part = { title: string; pieces: Iterable<Piece> }

/** What Details tell of besides the request: what happened, and the request that it is another attempt of. */
export type Beside = { highlights: Highlight[]; earlier: RawApproval | null }

/** Everything that there is to know of a request, in the order in which an approver asks for it. */
export function partsOf(raw: RawApproval, people: People, { highlights, earlier }: Beside): Part[] {
  const approval = shown(raw)
  const { action, metadata, before, retry_of } = approval
  return [
    { title: 'The request', pieces: lines(facts(approval, people)) },
    ...(retry_of === null
      ? []
      : [{ title: 'What was asked before', pieces: lines(retryLines(raw, earlier, people, whole)) }]),
    ...argumentParts(approval, people),
    ...(action.justification === null ? [] : [ownWords(action.justification)]),
    ...(before === null
      ? []
      : object('As it is now, says the agent', before, { whenEmpty: 'Nothing was named.' })),
    ...object('Metadata', metadata),
    { title: 'Why it asks', pieces: lines(ruleLines(approval)) },
    { title: 'Who decides', pieces: lines(deciding(approval, people)) },
    ...(highlights.length === 0 ? [] : [{ title: 'What happened', pieces: lines(story(highlights)) }]),
    ...object('For the agent alone', forTheAgent(approval)),
  ]
}

function object(
  title: string,
  value: JsonObject,
  { whenEmpty, before = null }: { whenEmpty?: string; before?: JsonObject | null } = {},
): Part[] {
  if (Object.keys(value).length > 0)
    return [{ title, pieces: piecesOf(rowsOf(value, 'exact', before ?? undefined)) }]
  return whenEmpty === undefined ? [] : [{ title, pieces: lines([line(plain(whenEmpty))]) }]
}

/** What would run, beside what the agent asked for where it was edited, or else what is there now. */
function argumentParts(approval: ShownApproval, people: People): Part[] {
  const { action, before, edited } = approval
  const whenEmpty = 'There are none.'
  const runs = effective(approval).arguments
  if (edited === null) return object('Arguments', runs, { whenEmpty, before })
  const facts = [
    fact('By', person(people, edited.by.slack_user_id), plain('  '), date(edited.at)),
    ...(edited.note === null ? [] : [fact('Why', plain(edited.note))]),
  ]
  return [
    { title: 'Edited', pieces: lines(facts) },
    ...object('Arguments, crossed out: what was asked for', runs, { whenEmpty, before: action.arguments }),
    ...object('What the agent asked for', action.arguments, { whenEmpty }),
  ]
}

/** What nobody vouches for: quoted whole, also where it is one line. */
function ownWords(justification: string): Part {
  const row = {
    depth: 0,
    label: 'Nobody has checked this',
    value: { as: 'text', text: justification },
  } as const
  return { title: 'In the agent’s own words', pieces: piecesOf([row]) }
}

function* lines(sections: RichTextBlockElement[]): Generator<Piece> {
  for (const section of sections) yield { elements: [section], within: [] }
}

function fact(label: string, ...value: RichTextElement[]): RichTextSection {
  return line(bold(`${label}  `), ...value)
}

function facts(approval: ShownApproval, people: People): RichTextSection[] {
  const { action, agent, subject, on_behalf_of, run_id, retry_of } = approval
  const optional = (label: string, text: string | null) => (text === null ? [] : [fact(label, code(text))])
  return [
    ...optional('Summary', action.summary),
    fact('Tool', code(action.tool)),
    fact('Risk', plain(`${approval.risk}, as the agent says`)),
    fact('Environment', code(approval.environment)),
    fact('Agent', code(agent.name), plain(', owned by '), person(people, agent.owner)),
    ...(on_behalf_of === null
      ? []
      : [fact('Asked by', person(people, on_behalf_of), plain(', as the agent says'))]),
    ...(subject ? [fact('About', code(subject.type), plain('  '), code(subject.id))] : []),
    ...(subject?.url ? [fact('Its address', code(addressOf(subject.url)))] : []),
    ...approval.links.map(({ title, url }) => fact('Link', code(title), plain('  '), code(addressOf(url)))),
    ...optional('Run', run_id),
    ...optional('Retry of', retry_of),
    fact('Asked', date(approval.created_at)),
    fact('Ends', date(approval.expires_at)),
    fact('Id', code(approval.id)),
    fact('Digest', code(effective(approval).digest)),
  ]
}

function ruleLines({ plan }: Approval): RichTextSection[] {
  const { extend_ms, valid_for_ms } = plan
  const rule = plan.rule === null ? [plain('none matched: the defaults decide')] : [code(plan.rule)]
  return [
    fact('Rule', ...rule, plain(`, policy version ${plan.policy_version}`)),
    ...(plan.reason === null ? [] : [fact('Why', plain(plan.reason))]),
    fact(
      'Without an answer',
      plain(plan.on_timeout === 'reject' ? 'it is rejected' : 'it expires'),
      plain('. Nothing is approved by silence'),
    ),
    ...plan.escalation.map((rung) => fact(`After ${formatDuration(rung.after_ms)}`, plain(rungWords(rung)))),
    fact('Once approved', plain(`it may be acted on for ${formatDuration(valid_for_ms)}`)),
    ...(extend_ms === null
      ? []
      : [fact('More time', plain(`an approver may add ${formatDuration(extend_ms)}, once`))]),
    fact('May not approve', plain(kept(plan))),
    ...(plan.require_details_opened
      ? [fact('Before approving', plain('Details have to be opened: you have done that now'))]
      : []),
    ...(plan.require_reason ? [fact('To approve', plain('a reason has to be given'))] : []),
    ...(plan.reject_reasons.length === 0
      ? []
      : [fact('To reject', plain(plan.reject_reasons.map(({ reason }) => reason).join(' · ')))]),
    ...(plan.break_glass
      ? [fact('Break glass', plain('people whom the policy names may approve alone, with a reason'))]
      : []),
  ]
}

function rungWords(rung: Rung): string {
  switch (rung.do) {
    case 'remind':
      return 'a reminder'
    case 'mention':
      return 'everybody who can decide is pinged'
    case 'escalate':
      return `${rung.to} is asked too`
    case 'require':
      return `${rung.approvals} approvals are needed`
  }
}

function kept({ separation_of_duties: { asker, owner, repeat } }: Plan): string {
  const who = [
    ...(asker ? ['who asked for it'] : []),
    ...(owner ? ['who owns the agent'] : []),
    ...(repeat ? ['who approved an earlier stage'] : []),
  ]
  return who.length === 0 ? 'nobody is kept from it' : who.join(', ')
}

/** Nothing that people said is cut here. */
const whole: SaidRoom & EditedRoom = {
  said: 5_000,
  votes: Infinity,
  edited: { lines: 40, value: 300, text: { lines: 20, characters: 1_500 } },
}

function deciding(approval: ShownApproval, people: People): RichTextSection[] {
  const { unreachable, stages } = approval
  return [
    ...endingLines(approval, people, whole),
    ...frozenLines(approval, whole),
    ...stages.flatMap((stage, index) => stageLines(approval, stage, index, people, whole)),
    ...(unreachable === null ? [] : [line(plain(`⚠ Nobody can decide this right now: ${unreachable}`))]),
    ...(stages.length === 0 ? [line(plain('Nobody was asked.'))] : []),
  ]
}

function story(highlights: Highlight[]): RichTextSection[] {
  return highlights.map(({ at, words }) => line(date(at, '{date_short} {time_secs}'), plain(`  ${words}`)))
}

/** What no approver needs, and nobody should have to take on trust. */
function forTheAgent({ state, arguments_schema, callback_url }: Approval): JsonObject {
  return {
    ...(callback_url === null ? {} : { 'is told at': new URL(callback_url).host }),
    ...(state === null ? {} : { state }),
    ...(arguments_schema === null ? {} : { arguments_schema }),
  }
}
