import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { startProcess, type AppProcess } from '../desk/process.ts'
import { openReceiver, type Receiver } from '../desk/receiver.ts'
import { openBrowser } from '../sandbox/browser.ts'

// What a newcomer does: start it without any configuration, paste the curl, open the page, click.

let data_dir: string
let app: AppProcess
let receiver: Receiver
let browser: Browser
let page: Page

beforeAll(async () => {
  data_dir = await mkdtemp(join(tmpdir(), 'countersign-first-'))
  // As root, PostgreSQL runs as another user, who must get in.
  await chmod(data_dir, 0o711)
  receiver = await openReceiver()
  app = await startProcess({ PORT: '0', DATA_DIR: data_dir })
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(15_000)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await app?.kill('SIGTERM')
  await receiver?.close()
  await rm(data_dir, { recursive: true, force: true })
})

/** The printed command as a shell runs it. */
async function pasteCurl(change = (command: string) => command): Promise<{ id: string; status: string }> {
  const printed = app.stdout.join('\n')
  const start = printed.indexOf('curl ')
  const command = printed.slice(start, printed.indexOf("}'", start) + 2)
  const { stdout } = await promisify(execFile)('sh', ['-c', change(command)])
  return JSON.parse(stdout) as { id: string; status: string }
}

/** The same, for an agent that is called back elsewhere. */
const toldElsewhere = (command: string) => command.replace(/http:[^"]*\/hooks/, receiver.url)

const card = (id: string) => page.locator('.channel .message', { hasText: id })

async function be(name: string) {
  await page.getByRole('button', { name: /You are/ }).click()
  await page.getByRole('menuitem', { name }).click()
  await page.getByRole('button', { name: new RegExp(`You are: ${name}`) }).waitFor()
}

/** Kept to be looked at where SCREENSHOTS names a folder. */
async function picture(name: string) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) })
}

test('start, the printed curl, a click in the page: the callback comes, and an independent library verifies it', async () => {
  const asked = await pasteCurl()
  expect(asked).toMatchObject({ status: 'pending' })

  await page.goto(`${app.url}/sandbox#as=U_DAVE&in=C_FINANCE`)
  await card(asked.id).getByRole('heading', { name: 'Refund $240 to order 1881' }).waitFor()
  await picture('card-waiting')
  await card(asked.id)
    .getByRole('button', { name: /Approve/ })
    .click()
  await page
    .locator('.message[data-visible-to=U_DAVE]')
    .getByText(/Only members of finance/)
    .waitFor()
  await picture('private-answer')

  await be('Bob Brandt')
  await card(asked.id)
    .getByRole('button', { name: /Approve/ })
    .click()
  await card(asked.id)
    .getByText(/Approved/)
    .first()
    .waitFor()
  await picture('card-approved')

  await app.prints(`demo-agent was told: approval.approved of ${asked.id}, signature verified`)

  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['src/countersign.ts', 'audit', asked.id, '--json'],
    {
      env: { ...process.env, DATA_DIR: data_dir },
    },
  )
  const events = JSON.parse(stdout) as { type: string }[]
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['click.refused', 'vote.cast', 'approval.approved', 'callback.tried']),
  )
}, 60_000)

test('a rejection asks why in a modal, and the card and the agent’s own server are told', async () => {
  const asked = await pasteCurl(toldElsewhere)
  await page.goto(`${app.url}/sandbox#as=U_ERIN&in=C_FINANCE`)
  await card(asked.id)
    .getByRole('button', { name: /Reject/ })
    .click()
  const modal = page.getByRole('dialog', { name: 'Reject the request' })
  await modal.getByLabel('Another reason').check()
  await modal.getByLabel('In your own words').fill('The second charge was never settled')
  await picture('reject-modal')
  await modal.getByRole('button', { name: 'Reject' }).click()
  await card(asked.id).getByText('The second charge was never settled').waitFor()
  await picture('card-rejected')

  const { headers, body } = await receiver.nth(1)
  const { callback_secret } = JSON.parse(await readFile(join(data_dir, 'demo-agent.json'), 'utf8')) as {
    callback_secret: string
  }
  expect(new Webhook(callback_secret).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'approval.rejected',
    data: { id: asked.id, decision: { by: { slack_user_id: 'U_ERIN' } } },
  })
}, 60_000)

test('slash commands are typed where one talks', async () => {
  const box = page.getByRole('textbox', { name: 'Message #finance-approvals' })
  await box.fill('/countersign help')
  await box.press('Enter')
  await page.locator('.message[data-visible-to=U_ERIN]').getByText('/countersign pending').waitFor()
  await picture('help')
})
