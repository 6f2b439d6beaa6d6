import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openBrowser } from '../sandbox/browser.ts'

// The app's Home as somebody sits before it: what waits is there, is decided there, and goes by itself. SCREENSHOTS names a
// folder for what it looked like.

let desk: Desk
let agent: TestAgent
let browser: Browser
let page: Page
const reported: string[] = []

beforeAll(async () => {
  desk = await openDesk({
    policy: `${storyPolicy}
  - name: read-first
    when: action.tool == "sql.run"
    require_details_opened: true
  - name: say-why
    when: action.tool == "deploy"
    require_reason: true
`,
  })
  agent = await desk.agent('refund-bot', 'U_FRANK')
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1100, height: 1_400 } })
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => reported.push(error.message))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

async function homeOf(who: string) {
  await page.goto('about:blank')
  await page.goto(`${desk.slack.url}#as=${who}&in=home`)
  await page.getByRole('tab', { name: 'Home' }).waitFor()
}

const home = () => page.locator('.home-body')
const heading = (words: string | RegExp) => home().getByRole('heading', { name: words })
/** A button of the request with these words in its label. */
const button = (text: string, summary: string) => home().getByRole('button', { name: `${text}: “${summary}` })
const dialog = (name: string) => page.getByRole('dialog', { name })

/** Approves what is of critical risk, which is asked once more. */
async function approveCritical(summary: string) {
  await button('Approve', summary).click()
  await dialog('Approve what is of critical risk?').getByRole('button', { name: 'Approve' }).click()
}

let pictures = 0
/** In both themes, as Slack has them. */
async function picture(name: string) {
  pictures++
  if (!process.env.SCREENSHOTS) return
  const file = (theme: string) =>
    join(process.env.SCREENSHOTS ?? '', `home-${String(pictures).padStart(2, '0')}-${name}-${theme}.png`)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: file(colorScheme), animations: 'disabled' })
  }
}

const refund = (order: number, amount = 240) => ({
  tool: 'stripe.refund',
  arguments: { charge: `ch_${order}`, amount, currency: 'USD' },
  summary: `Refund order ${order}`,
  justification: 'The customer was charged twice',
})

test('nothing waits; then something does, without a reload', async () => {
  await homeOf('U_BOB')
  await heading('Nothing waits for you').waitFor()
  await picture('empty')
  await agent.ask(refund(1))
  await heading('Waiting for you: 1').waitFor()
  await home().getByText('“Refund order 1”').waitFor()
  await picture('one')
})

test('an Approve there counts, and the request moves to what was decided', async () => {
  await button('Approve', 'Refund order 1').click()
  await heading('Nothing waits for you').waitFor()
  await heading('Decided by you lately').waitFor()
  await home()
    .getByText(/You approved it .* ✅ Approved/)
    .waitFor()
  await picture('approved')
})

test('a Reject there asks why', async () => {
  const asked = await agent.ask(refund(2))
  await button('Reject', 'Refund order 2').click()
  await dialog('Reject the request').getByLabel('Why?').fill('The customer was refunded by hand')
  await picture('reject')
  await dialog('Reject the request').getByRole('button', { name: 'Reject' }).click()
  await home()
    .getByText(/You rejected it .* ⛔ Rejected/)
    .waitFor()
  expect(await agent.get(asked.id)).toMatchObject({
    status: 'rejected',
    decision: { by: { slack_user_id: 'U_BOB' }, reason: 'The customer was refunded by hand' },
  })
})

test('what somebody else decides goes by itself', async () => {
  const asked = await agent.ask(refund(3))
  await button('Approve', 'Refund order 3').waitFor()
  await desk.click('U_ERIN', 'approve', await desk.card(asked.id))
  await heading('Nothing waits for you').waitFor()
  expect(await home().getByText('Refund order 3').count()).toBe(0)
})

test('who cannot be replaced is told so, before anything else', async () => {
  await agent.ask({ ...refund(4), summary: 'Refund order 4' }, { expires_in: '10m' })
  // Two of finance have to approve it, and one of its three owns the agent.
  const own = await desk.agent('ledger-bot', 'U_ALICE')
  await own.ask(refund(5, 2_400), { risk: 'critical' })
  await heading('Not without you').waitFor()
  await heading('Also for you').waitFor()
  await picture('not-without-you')
  await approveCritical('Refund order 5')
  await home().getByText('⏳ Waiting: 1 of 2').waitFor()
  expect(await heading('Not without you').count()).toBe(0)
  await picture('half')
})

test('Details, and what is refused, are shown where one is', async () => {
  await agent.ask(
    {
      tool: 'sql.run',
      arguments: { query: Array.from({ length: 60 }, (_, i) => `select ${i} from orders;`).join('\n') },
      summary: 'Run a report',
    },
    { risk: 'critical' },
  )
  await agent.ask(
    { tool: 'deploy', arguments: { service: 'api', to: 'v2.1.0' }, summary: 'Deploy api v2.1.0' },
    { risk: 'high' },
  )
  await homeOf('U_CAROL')
  await heading('Waiting for you: 2').waitFor()
  await approveCritical('Run a report')
  await dialog('Countersign')
    .getByText(/Press Details first/)
    .waitFor()
  await picture('refused')
  await dialog('Countersign').getByRole('button', { name: 'Close' }).first().click()
  await button('Details', 'Run a report').click()
  await page.getByRole('dialog').getByText('select 0 from orders;').waitFor()
  await picture('details')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()
  await approveCritical('Run a report')
  await home()
    .getByText(/You approved it/)
    .waitFor()
  await button('Approve', 'Deploy api').click()
  await dialog('Approve the request').getByLabel('Why?').fill('The release was announced')
  await dialog('Approve the request').getByRole('button', { name: 'Approve' }).click()
  await heading('Nothing waits for you').waitFor()
})

test('what the menu has, a question, and stopping what was approved work from there too', async () => {
  const { id } = await agent.ask({ tool: 'cache.flush', summary: 'Flush the cache' })
  await homeOf('U_DAVE')
  await button('Ask', 'Flush the cache').click()
  await dialog('Ask the agent').getByLabel('Your question').fill('Which cache?')
  await dialog('Ask the agent').getByRole('button', { name: 'Ask' }).click()
  await home().getByText('❓ Not answered yet').waitFor()
  await home().getByRole('button', { name: 'More' }).last().click()
  await page.getByRole('menuitem', { name: 'Approve with a note…' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('All of it, then')
  await picture('note')
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await button('Revoke', 'Flush the cache').waitFor()
  await picture('to-be-revoked')
  const voted = (await desk.audit(id)).find(({ type }) => type === 'vote.cast')
  expect(voted).toMatchObject({
    actor: { slack_user_id: 'U_DAVE' },
    data: { comment: 'All of it, then', seen: { shown: expect.any(String), channel: null } },
  })
  await button('Revoke', 'Flush the cache').click()
  await page.getByRole('dialog').getByRole('textbox').fill('It was the wrong one')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await home()
    .getByText(/🛑 Withdrawn/)
    .waitFor()
  expect((await agent.get(id)).withdrawn).toMatchObject({ reason: 'It was the wrong one' })
})

test('an admin sees how much there is; who is in no role, whom to ask', async () => {
  await homeOf('U_ALICE')
  await home()
    .getByText(/You are an admin: 2 requests wait in all/)
    .waitFor()
  await desk.command('U_ALICE', 'freeze all an incident is being looked at')
  await home()
    .getByText(/Everything is frozen/)
    .waitFor()
  await button('Approve', 'Refund order 4').waitFor({ state: 'hidden' })
  await button('Reject', 'Refund order 4').waitFor()
  await picture('admin')
  await homeOf('U_FRANK')
  await home()
    .getByText(/You are in no role/)
    .waitFor()
  await picture('no-role')
  expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
  expect(reported).toEqual([])
})
