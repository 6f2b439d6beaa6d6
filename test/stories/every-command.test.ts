import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { commands } from '../../src/slack/commands/index.ts'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openBrowser } from '../sandbox/browser.ts'

// Every command, typed by a person into the sandbox's page. SCREENSHOTS names a folder for what it looked like.

const policy = storyPolicy.replace('admins: [U_ALICE]', 'admins: [U_ALICE, U_BOB]')

let desk: Desk
let agent: TestAgent
let browser: Browser
let page: Page
const reported: string[] = []
const used = new Set<string>()

beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('refund-bot')
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 1_000 } })
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => reported.push(error.message))
  await be('U_ALICE')
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

async function be(who: string, channel = 'C_GENERAL') {
  await page.goto('about:blank')
  await page.goto(`${desk.slack.url}#as=${who}&in=${channel}`)
  await page.getByRole('textbox', { name: /^Message/ }).waitFor()
}

let pictures = 0
async function picture(name: string) {
  pictures++
  const number = String(pictures).padStart(2, '0')
  if (!process.env.SCREENSHOTS) return
  // Not a form that is half there.
  await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))')
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `command-${number}-${name}.png`) })
}

/** Types a command as somebody sitting there does, and waits for the answer that only they see. */
async function type(text: string, answer: RegExp): Promise<Locator> {
  const [word = '', act = ''] = text.split(' ')
  used.add(commands[word]?.acts ? `${word} ${act}`.trim() : word)
  const answers = page.locator('.message.private')
  const before = await answers.count()
  const box = page.getByRole('textbox', { name: /^Message/ })
  await box.fill(`/countersign ${text}`.trim())
  await box.press('Enter')
  const answered = answers.nth(before)
  await answered.getByText(answer).first().waitFor()
  await picture(
    text
      .replaceAll(/[^a-z]+/g, '-')
      .slice(0, 40)
      .replace(/-$/, '') || 'nothing',
  )
  return answered
}

const dialog = (name: string) => page.getByRole('dialog', { name })

test('requests: pending, show, audit, redeliver', async () => {
  const { id } = await agent.ask({
    tool: 'stripe.refund',
    arguments: { charge: 'ch_1', amount: 240 },
    summary: 'Refund $240 to order 1881',
  })
  await desk.settle()
  await type('pending', /1 request waits/)
  await type(`show ${id}`, /Refund \$240/)
  await type(`audit ${id}`, /asked to run stripe\.refund/)
  await type('audit search --tool stripe.refund --since 1h', /asked to run stripe\.refund/)
  await type(`redeliver ${id}`, /No callback was queued again/)
})

test('help, for an admin and for anybody; and what is wrong is answered with what is right', async () => {
  await type('', /what can be typed here/)
  await type('help', /For admins/)
  await type('help policy', /what the policy would do with a request/)
  await type('polcy show', /did you mean "policy"/)
  await type('policy hsitory', /did you mean "history"/)
  await type('agent disable refnd-bot', /did you mean "refund-bot"/)
  await type('freeze --agnet refund-bot', /did you mean "--agent"/)
  await be('U_FRANK')
  const help = await type('help', /pending/)
  expect(await help.textContent()).not.toContain('policy')
  await be('U_ALICE')
})

test('the policy is looked at, tried, edited, replaced by a file, and taken back', async () => {
  await type('policy show', /Version 1/)
  await type('policy history', /The newest first/)
  await type(
    'policy test refund-bot {"tool": "stripe.refund", "arguments": {"amount": 2000}}',
    /2 of finance \(big-refunds\)/,
  )

  await type('policy test', /Put a request into the form/)
  const trying = dialog('Try the policy')
  await trying.getByLabel('The request').fill('{"tool": "read.order"}')
  await trying.getByRole('button', { name: 'Try it' }).click()
  await trying
    .getByText(/allowed \(reads\)/)
    .first()
    .waitFor()
  await picture('tried-in-the-form')
  await trying.getByRole('button', { name: 'Close' }).first().click()

  await type('policy edit', /is open to be edited/)
  const editing = dialog('Edit the policy')
  const document = editing.getByLabel('The document')
  await document.fill(policy.replace('effect: allow', 'effect: dney'))
  await editing.getByLabel('What changes, and why?').fill('Reads are asked for as well')
  await editing.getByRole('button', { name: 'See what it would do' }).click()
  await editing.getByText(/did you mean "deny"/).waitFor()
  await picture('a-fault-in-its-place')
  await document.fill(policy.replace('amount > 1000', 'amount > 100'))
  await editing.getByRole('button', { name: 'See what it would do' }).click()
  await editing.getByText(/1 request: 1 of finance \(refunds\) → 2 of finance/).waitFor()
  await picture('what-it-would-do')
  await editing.getByRole('button', { name: 'Save' }).click()
  const saved = dialog('Saved')
  await saved.getByText(/Version 2 counts from now on/).waitFor()
  await picture('saved')
  await saved.getByRole('button', { name: 'Close' }).first().click()
  await type('policy diff 1 2', /1 line added, 1 removed/)

  await type('policy upload', /A file can take the place/)
  const uploading = dialog('Upload a policy')
  const guarded = policy.replace('roles:', 'policy_changes: {second_admin: true}\nroles:')
  await uploading
    .getByLabel('The file')
    .setInputFiles({ name: 'policy.yaml', mimeType: 'text/yaml', buffer: Buffer.from(guarded) })
  await uploading.getByText(/policy\.yaml, \d KB/).waitFor()
  await uploading.getByLabel('What changes, and why?').fill('Two of us from now on')
  await picture('a-file-in-the-form')
  await uploading.getByRole('button', { name: 'See what it would do' }).click()
  await uploading.getByText(/Nothing is saved yet/).waitFor()
  await picture('what-the-file-would-do')
  await uploading.getByRole('button', { name: 'Save' }).click()
  await dialog('Saved')
    .getByText(/Version 3 counts/)
    .waitFor()
  await dialog('Saved').getByRole('button', { name: 'Close' }).first().click()
}, 60_000)

test('a change waits for the second admin, who approves it in a message or by a command', async () => {
  await type('policy rollback 2 one is enough', /Proposal 1 waits for a second admin/)
  await type('policy proposals', /1 change waits/)
  await type('policy proposals 1', /wants to go back to version 2/)
  await type('policy confirm 1', /is your own/)
  await type('policy reject 1 a slip', /Proposal 1 is off/)
  await type('policy rollback 2 once more', /Proposal 2 waits/)
  await desk.settle()

  const { channels } = desk.slack.sandbox.snapshot()
  const own = channels.find(({ is_im, members }) => is_im && members.includes('U_BOB'))
  await be('U_BOB', own?.id)
  const card = page.locator('.message', { hasText: 'Proposal 2' })
  await card.getByRole('button', { name: 'Approve proposal 2' }).waitFor()
  await picture('the-other-admin-is-asked')
  await card.getByRole('button', { name: 'Reject proposal 2' }).click()
  await dialog('Reject proposal 2').getByLabel('Why?').waitFor()
  await picture('why-not')
  await dialog('Reject proposal 2').getByRole('button', { name: 'Back' }).click()
  await card.getByRole('button', { name: 'Approve proposal 2' }).click()
  await card.getByText(/confirmed by Bob Brandt/).waitFor()
  await picture('confirmed')
  await be('U_ALICE')
  await type('policy history', /, confirmed by/)
}, 60_000)

test('the figures', async () => {
  await type('metrics', /Oversight in the last 7d/)
  await type('metrics 30d by tool', /By tool/)
})

test('agents: list, add, rotate, disable, enable', async () => {
  await type('agent list', /1 agent/)
  await type('agent add mail-bot @dave staging', /can ask now/)
  await type('agent rotate mail-bot 2h', /New secrets of mail-bot/)
  await type('agent disable mail-bot it was a trial', /is disabled/)
  await type('agent list', /disabled/)
  await type('agent enable mail-bot', /can ask again/)
})

test('the kill switch: freeze and unfreeze', async () => {
  await type('freeze refund-bot it went wild', /refund-bot is frozen/)
  await type('freeze all keys have leaked', /Everything is frozen/)
  await type('unfreeze', /freeze of everything is lifted/)
  await type('unfreeze refund-bot', /freeze of refund-bot is lifted/)
})

test('that was every command that there is, and the page had nothing to report', () => {
  const all = Object.entries(commands).flatMap(([word, { acts }]) =>
    acts ? Object.keys(acts).map((act) => `${word} ${act}`) : [word],
  )
  expect(all.filter((command) => !used.has(command))).toEqual([])
  expect(reported).toEqual([])
  expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
})
