import type { RichTextSection } from '@slack/types'
import type { ShownApproval } from '../../approval/shown.ts'
import { briefly } from './brief.ts'
import { person, type People } from './people.ts'
import type { SaidRoom } from './said.ts'
import { bold, date, line, plain } from './text.ts'

/** More open questions than that are counted: the thread has them. */
const mostQuestions = 3

/** What goes on while an approval waits, and binds nobody. */
export function signLines(approval: ShownApproval, people: People, room: SaidRoom): RichTextSection[] {
  if (approval.decision) return []
  return [...attendedLines(approval, people), ...questionLines(approval, people, room)]
}

/** Who is asked in particular, and who is on it. Since when lets others judge whether they still are. */
function attendedLines({ assigned, on_it }: ShownApproval, people: People): RichTextSection[] {
  return [
    ...(assigned === null
      ? []
      : [
          line(
            bold('👉 Assigned to '),
            person(people, assigned.to.slack_user_id),
            plain(' by '),
            person(people, assigned.by.slack_user_id),
          ),
        ]),
    ...(on_it === null
      ? []
      : [
          line(
            plain('👀 '),
            person(people, on_it.by.slack_user_id),
            plain(' is on it, since '),
            date(on_it.at, '{time}'),
          ),
        ]),
  ]
}

/** The questions that the agent has not answered, the newest of them where they are many. */
function questionLines({ questions }: ShownApproval, people: People, room: SaidRoom): RichTextSection[] {
  const open = questions.filter(({ answer }) => answer === null)
  const told = open.slice(-mostQuestions)
  const left = open.length - told.length
  return [
    ...(left > 0
      ? [line(plain(`❓ ${left} more ${left === 1 ? 'question is' : 'questions are'} open`))]
      : []),
    ...told.map(({ by, text }) =>
      line(
        bold('❓ Not answered yet'),
        plain(': '),
        person(people, by.slack_user_id),
        plain(` asked “${briefly(text, room.said)}”`),
      ),
    ),
    ...(questions.length > open.length
      ? [line(plain(`💬 ${answered(questions.length - open.length)}, see the thread`))]
      : []),
  ]
}

function answered(count: number): string {
  return count === 1 ? 'The agent has answered a question' : `The agent has answered ${count} questions`
}
