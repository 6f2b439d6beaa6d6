import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { neededScopes } from '../../src/slack/scopes.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { liveThrough } from '../metrics/oversight.ts'
import { openBrowser } from '../sandbox/browser.ts'

// The figures as an admin sees them in Slack. SCREENSHOTS names a folder for what it looked like.

let desk: Desk
let browser: Browser
let page: Page
const reported: string[] = []

beforeAll(async () => {
  desk = await openDesk()
  await liveThrough(desk.app.ground.database, { seed: 5, requests: 160, days: 9 })
  await desk.advance('9d')
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 1_400 } })
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => reported.push(error.message))
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

async function picture(name: string) {
  if (!process.env.SCREENSHOTS) return
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(200)
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `metrics-${name}-${colorScheme}.png`) })
  }
}

const directTo = (who: string) =>
  desk.slack.sandbox.snapshot().channels.find(({ is_im, members }) => is_im && members.includes(who))

test('an admin asks for the figures: they are answered at once, and come with charts in a message', async () => {
  await be('U_ALICE')
  const box = page.getByRole('textbox', { name: /^Message/ })
  await box.fill('/countersign metrics 7d by role')
  await box.press('Enter')
  const answer = page.locator('.message.private').last()
  await answer.getByText('Oversight in the last 7d by role').first().waitFor()
  expect(await answer.textContent()).toMatch(/Time to decision, median.*min/)
  expect(await answer.textContent()).toMatch(/finance/)
  // That nothing was edited is a finding; that the glass was never broken is no line.
  expect(await answer.textContent()).toMatch(/Edited before\s*0\.0 %/)
  expect(await answer.textContent()).not.toMatch(/Broken glass/)
  await picture('answer')

  await desk.settle()
  await be('U_ALICE', directTo('U_ALICE')?.id)
  const card = page.locator('.message', { hasText: 'Oversight in the last 7d' }).last()
  const charts = card.locator('img.image-large')
  await charts.nth(1).waitFor()
  for (const nth of [0, 1]) {
    const chart = charts.nth(nth)
    await chart.scrollIntoViewIfNeeded()
    await page.waitForFunction(
      // oxlint-disable-next-line no-implied-eval
      `[...document.querySelectorAll('img.image-large')].every((image) => image.complete && image.naturalWidth === 1920)`,
    )
    expect(await chart.getAttribute('alt')).toMatch(/95th percentile|Stages that were escalated/)
  }
  await picture('message')
})

test('once, however often the job is run', async () => {
  const before = desk.slack.sandbox.snapshot().messages.length
  const { rows } = await desk.app.ground.database.pool.query<{ id: string }>(
    `select approval_id as id from message where key = 'figures'`,
  )
  await desk.app.ground.database.pool.query(
    `insert into job (kind, payload, due_at) values ('figures', $1, $2)`,
    [
      JSON.stringify({ id: rows[0]?.id, to: 'U_ALICE', ms: 7 * 86_400_000, by: 'role', words: '7d' }),
      desk.clock.now(),
    ],
  )
  await desk.settle()
  expect(desk.slack.sandbox.snapshot().messages).toHaveLength(before)
})

test('by nothing it says who decides, and who never rejects', async () => {
  const { text, blocks } = await desk.command('U_ALICE', 'metrics 10d')
  expect(text).toBe('Oversight in the last 10d')
  expect(JSON.stringify(blocks)).toMatch(/Who decides.*U_BOB.*never rejects/)
})

test('where the app may not upload, the figures come without pictures, and say why', async () => {
  const scopes = Object.keys(neededScopes)
  desk.slack.sandbox.edit.setScopes(scopes.filter((scope) => scope !== 'files:write'))
  await desk.command('U_ALICE', 'metrics 24h by tool')
  await desk.settle()
  desk.slack.sandbox.edit.setScopes(scopes)
  const sent = desk.slack.sandbox
    .snapshot()
    .messages.findLast(({ metadata }) => metadata?.event_type === 'countersign_figures')
  expect(JSON.stringify(sent?.blocks)).toContain(
    'Without pictures: the app may not upload files (files:write)',
  )
})

test('it is for admins, and what is typed wrong is said', async () => {
  expect((await desk.command('U_FRANK', 'metrics')).text).toMatch(/There is nothing called “metrics” here/)
  expect((await desk.command('U_ALICE', 'metrics week')).text).toMatch(/“week” is not a window of time/)
  expect((await desk.command('U_ALICE', 'metrics 7d by colour')).text).toMatch(/By “colour”\?/)
})

test('Slack and the page had nothing to report', () => {
  expect(reported).toEqual([])
  const complaints = desk.slack.sandbox.snapshot().complaints.map((one) => JSON.stringify(one))
  // The call that it was not allowed to make is all.
  expect(complaints.filter((one) => !one.includes('missing_scope'))).toEqual([])
})
