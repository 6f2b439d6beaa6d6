import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message } from '../../src/sandbox/index.ts'
import { createAgent, type TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { editPolicy, openForm, submit, typedPolicy } from '../desk/policy-form.ts'

/** Three admins, of whom two have to agree. */
const guarded = storyPolicy.replace(
  'admins: [U_ALICE]',
  'admins: [U_ALICE, U_BOB, U_CAROL]\npolicy_changes: {second_admin: true}',
)
const denying = guarded.replace('effect: allow', 'effect: deny')
/** Lowers the very setting that asks for a second admin. */
const unguarded = guarded.replace('policy_changes: {second_admin: true}\n', '')

let desk: Desk
let agent: TestAgent
let folder: string
beforeEach(async () => {
  desk = await openDesk({ policy: guarded })
  agent = await desk.agent('ruled-bot')
  folder = await mkdtemp(join(tmpdir(), 'countersign-proposals-'))
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

const read = { tool: 'read.order' }
const typed = async (who: string, text: string) => JSON.stringify(await desk.command(who, text))
const rule = async (asking = agent) => (await asking.ask(read)).status

async function apply(document: string, note = 'from git') {
  const path = join(folder, 'policy.yaml')
  await writeFile(path, document)
  return commandLine(desk, 'policy', 'apply', path, '--note', note, '--json')
}

/** What this person was sent about a proposal, the newest last. */
async function directs(who: string): Promise<Message[]> {
  await desk.settle()
  const { channels, messages } = desk.slack.sandbox.snapshot()
  const own = channels.find(({ is_im, members }) => is_im && members.includes(who))
  return messages.filter(
    ({ channel, metadata }) => channel === own?.id && metadata?.event_type === 'countersign_policy_proposal',
  )
}

async function card(who: string): Promise<Message> {
  const [first] = await directs(who)
  if (!first) throw new Error(`${who} was shown no proposal`)
  return first
}

async function policyEvents() {
  const { rows } = await desk.app.ground.database.pool.query<{ body: string }>(
    `select body from event where type like 'policy.%' order by id`,
  )
  return rows.map(({ body }) => JSON.parse(body) as { type: string }).slice(1)
}

test('a change waits for the second admin’s click, is shown to the others with all that it changes, and counts from then on', async () => {
  await agent.ask(read)
  const other = createAgent((await desk.replica()).url, agent)
  expect(await editPolicy(desk, 'U_ALICE', denying, 'reads leak')).toMatch(
    /Proposed.*waits for a second admin/,
  )
  expect(await rule()).toBe('approved')

  expect(await directs('U_ALICE')).toEqual([])
  const shown = await card('U_BOB')
  for (const told of [
    'Alice Archer wants to change the policy',
    'reads leak',
    '-     effect: allow',
    '+     effect: deny',
    '1 request: allowed (reads) → denied (reads)',
  ])
    expect(JSON.stringify(shown.blocks)).toContain(told)
  expect(await typed('U_CAROL', 'policy proposals')).toMatch(/Proposal 1.*reads leak/)

  await desk.click('U_BOB', 'confirm_policy', shown)
  for (const asking of [agent, other]) expect(await rule(asking)).toBe('rejected')
  for (const who of ['U_BOB', 'U_CAROL']) {
    const after = JSON.stringify((await card(who)).blocks)
    expect(after).toContain('confirmed by Bob Brandt')
    expect(after).not.toContain('confirm_policy')
  }
  expect(JSON.stringify(await directs('U_ALICE'))).toContain('confirmed by Bob Brandt')
  expect(await typed('U_ALICE', 'policy history')).toMatch(/Alice Archer.*confirmed by .*Bob Brandt/)
  expect(await policyEvents()).toMatchObject([
    {
      type: 'policy.proposed',
      actor: { slack_user_id: 'U_ALICE' },
      data: { proposal: 1, before: 1, added: 1 },
    },
    {
      type: 'policy.saved',
      actor: { slack_user_id: 'U_BOB' },
      data: { version: 2, before: 1, proposal: 1, proposed_by: 'U_ALICE', note: 'reads leak' },
    },
  ])
})

test('nobody confirms their own, nor can who is no admin; each attempt is in the audit', async () => {
  await editPolicy(desk, 'U_ALICE', denying)
  expect(await typed('U_ALICE', 'policy confirm 1')).toContain('is your own')
  expect(await typed('U_DAVE', 'policy confirm 1')).toContain('There is nothing called')
  const shown = await card('U_BOB')
  await desk.slack.sandbox.act({
    do: 'click',
    as: 'U_ERIN',
    channel: shown.channel,
    ts: shown.ts,
    action_id: 'confirm_policy',
  })
  expect(await rule()).toBe('approved')
  expect(await policyEvents()).toMatchObject([
    { type: 'policy.proposed' },
    {
      type: 'policy.click_refused',
      actor: { slack_user_id: 'U_ALICE' },
      data: { proposal: 1, click: 'confirm', because: 'own_proposal' },
    },
  ])
})

test('a rejection has a reason that its author is told, and the author can take a proposal back', async () => {
  await editPolicy(desk, 'U_ALICE', denying)
  const shown = await card('U_BOB')
  const earlier = new Set(desk.slack.sandbox.snapshot().modals.map(({ id }) => id))
  await desk.click('U_BOB', 'reject_policy', shown)
  const form = await desk.slack.sandbox.until(({ modals }) => modals.find(({ id }) => !earlier.has(id)))
  await submit(desk, 'U_BOB', form, {
    reason: { reason: { type: 'plain_text_input', value: 'reads are fine' } },
  })
  expect(JSON.stringify(await directs('U_ALICE'))).toMatch(/rejected by Bob Brandt: reads are fine/)
  await desk.click('U_CAROL', 'confirm_policy', await card('U_CAROL')).catch(() => null)
  expect(await typed('U_CAROL', 'policy confirm 1')).toContain('was rejected by Bob Brandt')
  expect(await rule()).toBe('approved')

  await editPolicy(desk, 'U_ALICE', denying, 'once more')
  expect(await typed('U_ALICE', 'policy reject 2 a slip')).toContain('Proposal 2 is off')
  expect(await typed('U_BOB', 'policy proposals')).toContain('No change of the policy waits')
})

test('it lapses when a newer version is saved, and after 24 hours', async () => {
  await editPolicy(desk, 'U_ALICE', denying)
  await apply(guarded.replace('expires_in: 1h', 'expires_in: 2h'))
  await desk.settle()
  expect(await typed('U_BOB', 'policy confirm 2')).toContain('Version 2 counts')
  expect(JSON.stringify((await card('U_BOB')).blocks)).toContain('version 2 was saved')
  expect(await typed('U_BOB', 'policy confirm 1')).toContain('has lapsed')

  await apply(denying)
  await desk.advance('24h')
  expect(await typed('U_BOB', 'policy confirm 3')).toContain('nobody confirmed it in 24 hours')
  expect(await rule()).toBe('approved')
  expect((await policyEvents()).filter(({ type }) => type === 'policy.proposal_lapsed')).toMatchObject([
    { data: { proposal: 1, proposed_by: 'U_ALICE' } },
    { data: { proposal: 3, proposed_by: 'operator' } },
  ])
})

test('an operator only proposes too, confirms what an admin proposed, and never their own', async () => {
  expect(await apply(denying)).toMatchObject({ code: 0, json: { proposal: 1 } })
  expect((await commandLine(desk, 'policy', 'confirm', '1')).lines.join()).toContain('an admin confirms it')
  expect(await rule()).toBe('approved')
  expect((await commandLine(desk, 'policy', 'proposals', '1')).lines.join('\n')).toContain('effect: deny')
  await desk.click('U_CAROL', 'confirm_policy', await card('U_CAROL'))
  expect(await rule()).toBe('rejected')

  expect(await typed('U_ALICE', 'policy rollback 1')).toContain('Proposal 2 waits')
  expect(await commandLine(desk, 'policy', 'confirm', '2', '--json')).toMatchObject({
    code: 0,
    json: { version: 3, author: 'U_ALICE' },
  })
  expect(await rule()).toBe('approved')
  expect((await policyEvents()).at(-1)).toMatchObject({
    type: 'policy.rolled_back',
    actor: { type: 'operator' },
    data: { version: 3, to: 1, proposal: 2, proposed_by: 'U_ALICE' },
  })
})

test('lowering the setting itself needs the second click, and so does it with two who click at once', async () => {
  await editPolicy(desk, 'U_ALICE', unguarded)
  expect(await typed('U_ALICE', 'policy proposals')).toContain('Take back')
  const [bob, carol] = [await card('U_BOB'), await card('U_CAROL')]
  await Promise.all([
    desk.click('U_BOB', 'confirm_policy', bob),
    desk.click('U_CAROL', 'confirm_policy', carol),
  ])
  await desk.settle()
  const saved = (await policyEvents()).filter(({ type }) => type === 'policy.saved')
  expect(saved).toHaveLength(1)
  // From now on one is enough.
  expect(await editPolicy(desk, 'U_ALICE', unguarded.replace('effect: allow', 'effect: deny'))).toContain(
    'Version 3 counts',
  )
})

test('a policy that nobody could ever confirm a change of is refused, and the same is not proposed twice', async () => {
  const alone = guarded.replace('[U_ALICE, U_BOB, U_CAROL]', '[U_ALICE]')
  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  expect(JSON.stringify(await submit(desk, 'U_ALICE', form, typedPolicy(alone)))).toContain(
    'nobody could confirm',
  )
  await apply(denying)
  expect((await apply(denying)).code).toBe(1)
})

test('who confirmed, who proposed and who was faster is said by name', async () => {
  const late = await openForm(desk, 'U_CAROL', 'policy edit')
  await editPolicy(desk, 'U_ALICE', denying, 'reads leak')
  expect(await typed('U_BOB', 'policy confirm 1')).toContain('as Alice Archer proposed it')
  expect(await typed('U_CAROL', 'policy reject 1')).toContain('was confirmed by Bob Brandt')
  const told = await submit(desk, 'U_CAROL', late, typedPolicy(unguarded))
  expect(told.errors?.['note']).toContain('Alice Archer saved version 2')
  const search = await commandLine(desk, 'audit', 'search', '--person', 'U_BOB')
  expect(search.lines.join()).toMatch(/saved policy version 2 after version 1 \(1 line added, 1 removed\)/)
})
