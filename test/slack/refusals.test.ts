import { expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import type { Refusal } from '../../src/approval/click.ts'
import { refusalWords } from '../../src/slack/views/refusals.ts'
import { after, approve, bob, cancel, opened, reject } from '../approval/given.ts'

// Whoever is refused is told what to do now, and not only that it was no use.

const pending = opened()
const approved = after(pending, approve(bob))
const begun = { ...approved, consumed: { execution_id: 'exec_1', at: approved.created_at } } as Approval

test.each<[Refusal, Approval, RegExp]>([
  ['decided', approved, /already approved by Bob\. .* press Revoke on its card/],
  ['decided', begun, /already approved by Bob\. Your click changed nothing\.$/],
  ['decided', after(pending, reject(bob, 'no')), /already rejected by Bob\. .* its agent has to ask anew/],
  ['decided', after(pending, cancel), /already cancelled\. .* its agent has to ask anew/],
  ['not_named', pending, /Somebody of finance can approve it; .* tell an admin/],
  ['not_allowed', pending, /you can still reject it/],
  ['extended_already', pending, /Decide before it ends/],
  ['not_editable', pending, /If it is wrong, reject the request/],
  ['not_yours_to_approve', pending, /Leave the edit to them, or reject/],
  ['not_approved', pending, /is pending, .* reject it/],
  ['not_approved', after(pending, cancel), /is cancelled, .* Nothing was changed\.$/],
])('%s', (because, approval, words) => {
  expect(refusalWords(approval, because)).toMatch(words)
})
