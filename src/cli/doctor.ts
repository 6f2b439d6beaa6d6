import type { Check } from '../platform/check.ts'
import type { Command, Printed } from './command.ts'

export const doctor: Command = {
  usage: 'doctor',
  about: 'looks at everything that the app needs, and says what to do about what is not right',
  options: [],
  words: { least: 0, most: 0 },
  report: (checks) => ({
    ok: !checks.some(({ status }) => status === 'fail'),
    lines: checks.map(line),
    json: checks,
    is_report: true,
  }),
}

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } satisfies Record<Check['status'], string>

function line({ status, check, detail, remedy }: Check): Printed['lines'][number] {
  return `${marks[status]}  ${check}: ${detail}${remedy === null ? '' : `. ${remedy}`}`
}
