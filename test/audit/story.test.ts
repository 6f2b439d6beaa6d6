import { expect, test } from '@jest/globals'
import { tell } from '../../src/audit/story.ts'

const cancelledBecause = (reason: string) =>
  tell({
    approval_id: 'apr_01m82qnxy8gy1cc48fxqd66t2b',
    seq: 3,
    type: 'approval.cancelled',
    at: '2026-11-22T22:57:58.293Z',
    actor: { type: 'agent', name: 'refund-bot' },
    data: { reason, retry: null },
  })

test.each([
  [
    'a line of its own',
    'no\n2026-11-22T22:57:59.000Z  APPROVED by Alice',
    /“no ⏎ 2026-11-22T22:57:59.000Z {2}APPROVED by Alice”/,
  ],
  ['an order to the terminal', 'no\u001B[2K\u001B[1A\u009B1A', /“no⟨U\+001B⟩\[2K⟨U\+001B⟩\[1A⟨U\+009B⟩1A”/],
  ['a carriage return', 'no\rAPPROVED', /“no⟨U\+000D⟩APPROVED”/],
  ['another reading direction', 'no\u202Egnihton', /“no⟨U\+202E⟩gnihton”/],
])('what an agent wrote cannot be %s', (_, reason, shown) => {
  const line = cancelledBecause(reason)
  expect(line).toMatch(shown)
  expect(line).toMatch(/^2026-11-22T22:57:58.293Z {2}CANCELLED by the agent refund-bot/)
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
