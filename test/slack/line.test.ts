import { expect, test } from '@jest/globals'
import type { AuditEvent } from '../../src/audit/index.ts'
import { direct, glassBroken } from '../../src/slack/views/direct.ts'
import { line } from '../../src/slack/views/line.ts'
import { parseBlocks } from '../../src/sandbox/content.ts'
import { opened } from '../approval/given.ts'

// A message beside a card is partly mrkdwn, which is ours. What the agent wrote must not get there: it would format itself.

const summary = 'nothing* to do, *approved by Alice* _really_ `x` <!channel>'
const approval = opened(
  {},
  { action: { tool: 'stripe.refund', arguments: {}, summary, justification: null } },
)

const told = [
  { type: 'approval.expired', actor: { type: 'timeout' }, data: { reason: null, retry: null } },
  { type: 'approval.rejected', actor: { type: 'timeout' }, data: { reason: null, retry: null } },
  { type: 'stage.unreachable', actor: { type: 'countersign' }, data: { stage: 0, why: 'nobody is there' } },
  {
    type: 'callback.tried',
    actor: { type: 'countersign' },
    data: {
      callback_id: 'msg_1',
      attempt: 8,
      outcome: 'retry',
      status: 500,
      error: 'answered 500',
      address: null,
      duration_ms: 3,
      callback_status: 'failed',
      next_at: null,
    },
  },
  {
    type: 'glass.broken',
    actor: { type: 'human', slack_user_id: 'U_BOB', name: 'Bob' },
    data: { stage: 0, revision: 1, reason: 'The shop is down', left: ['finance'] },
  },
].map(
  (event) => ({ ...event, approval_id: approval.id, seq: 7, at: '2026-11-22T00:00:00.000Z' }) as AuditEvent,
)

test.each(told)('of $type the agent’s words are told as plain text', (event) => {
  const rendered = direct(approval, event)
  const texts = JSON.stringify(rendered?.blocks.filter(({ type }) => type === 'section'))
  expect(texts).toContain(approval.id)
  expect(texts).not.toContain('approved by Alice')
  expect(rendered?.blocks).toContainEqual({
    type: 'context',
    elements: [{ type: 'plain_text', text: `“${summary}”`, emoji: false }],
  })
  expect(rendered?.text).not.toContain('<!channel>')
})

test('and so they are to the channels of an approval that somebody gave alone', () => {
  const rendered = glassBroken(approval, told.at(-1)!)
  expect(JSON.stringify(rendered?.blocks[0])).not.toContain('approved by Alice')
  expect(JSON.stringify(rendered?.blocks[1])).toContain('approved by Alice')
})

const words = 'no* *approved by Alice* <!channel> \u202E'
const bob = { type: 'human', slack_user_id: 'U_BOB', name: 'B*ob* <!here>' }
const basis = { stage: 0, revision: 1, roles: ['finance'], seen: null, policy_version: 3, action_digest: '' }
const ended = { reason: words, retry: null }
const question = { id: 'qst_1', text: words, stage: 0, roles: [], at: approval.created_at, answer: null }
const asked = { ...approval, questions: [{ ...question, by: { slack_user_id: 'U_BOB', name: bob.name } }] }

const story = [
  { type: 'vote.cast', actor: bob, data: { vote: 'approve', comment: words, ...basis } },
  { type: 'approval.approved', actor: bob, data: ended },
  { type: 'approval.rejected', actor: bob, data: { ...ended, retry: 'never' } },
  { type: 'approval.cancelled', actor: { type: 'agent', name: bob.name }, data: ended },
  { type: 'approval.withdrawn', actor: bob, data: { reason: words } },
  { type: 'approval.frozen', actor: { type: 'freeze' }, data: { freeze_id: 'frz_1', reason: words } },
  {
    type: 'question.asked',
    actor: bob,
    data: { stage: 0, revision: 1, question_id: 'qst_1', text: words, roles: [], called: true },
  },
  {
    type: 'question.answered',
    actor: { type: 'agent', name: 'x' },
    data: { question_id: 'qst_1', text: words },
  },
].map(
  (event) => ({ ...event, approval_id: approval.id, seq: 7, at: '2026-11-22T00:00:00.000Z' }) as AuditEvent,
)

test.each(story)(
  'in a thread, nothing that people or agents say in $type is parsed, and nobody is pinged',
  (event) => {
    const rendered = line(asked, event, { names: [], mention: null, pinged: null })
    expect(parseBlocks(JSON.parse(JSON.stringify(rendered?.blocks)))).toMatchObject({ ok: true })
    const parsed = JSON.stringify(rendered?.blocks.filter(({ type }) => type === 'section'))
    expect(parsed).not.toMatch(/<[!@]|approved by Alice/)
    expect(rendered?.text).not.toMatch(/<[!@]/)
    const below = JSON.stringify(rendered?.blocks.slice(1))
    expect(below).toContain('approved by Alice')
    expect(below).toContain('⟨U+202E⟩')
  },
)
