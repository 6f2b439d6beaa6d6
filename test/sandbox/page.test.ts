import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Server } from 'node:http'
import { App, LogLevel } from '@slack/bolt'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { bot_token, plain, setting, signing_secret } from './setting.ts'
import type { Setting } from './setting.ts'

/** What an agent might write in the hope that it takes effect. */
const hostile =
  '<script>document.title="broken in"</script> *loud* <!here> <https://evil.example|https://bank.example>'

let browser: Browser
let desk: Setting
let app: App
let page: Page
/** What the browser reported: errors, and whatever the content security policy stopped. */
let reported: string[] = []

beforeAll(async () => {
  let app_url: string | null = null
  desk = await setting({ app_url: () => app_url })
  app = refundDesk(desk.api_url)
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  const address = server instanceof Server ? server.address() : null
  if (typeof address === 'object' && address) app_url = `http://127.0.0.1:${address.port}/slack/events`
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(5000)
  page.on('pageerror', (error) => reported.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') reported.push(message.text())
  })
})

afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await desk?.close()
})

/** An app that asks for a refund: approved at once, rejected with a reason of at least ten characters. */
function refundDesk(slackApiUrl: string): App {
  const refunds = new App({
    token: bot_token,
    signingSecret: signing_secret,
    clientOptions: { slackApiUrl },
    logLevel: LogLevel.ERROR,
  })
  refunds.action('approve', async ({ ack, body, respond, client }) => {
    await ack()
    if (body.user.id !== 'U_BOB') {
      await respond({ text: 'Only *Finance* may approve.', replace_original: false })
      return
    }
    if (body.type !== 'block_actions' || !body.message || !body.channel) return
    const done = {
      type: 'section' as const,
      text: { type: 'mrkdwn' as const, text: `Approved by <@${body.user.id}>` },
    }
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text: 'Approved',
      blocks: [done],
    })
  })
  refunds.action('reject', async ({ ack, body, client }) => {
    await ack()
    if (body.type === 'block_actions') await client.views.open({ trigger_id: body.trigger_id, view: reason })
  })
  refunds.view('reason', async ({ ack, view, body, client }) => {
    const words = view.state.values['why']?.['words']?.value ?? ''
    if (words.length < 10)
      return await ack({ response_action: 'errors', errors: { why: 'Say a little more.' } })
    await ack()
    const seen = JSON.stringify(view.state.values['again'])
    await client.chat.postMessage({
      channel: 'C_FINANCE',
      text: `${body.user.id} rejected: ${words} ${seen}`,
    })
  })
  refunds.command('/countersign', async ({ ack, command }) => {
    await ack({ text: `You typed: ${command.text}` })
  })
  refunds.event('app_home_opened', async ({ event, client }) => {
    const blocks = [{ type: 'header' as const, text: plain(`Hello ${event.user}`) }]
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } })
  })
  return refunds
}

const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() })
const reason = {
  type: 'modal' as const,
  callback_id: 'reason',
  title: plain('Reject'),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: plain('Why not?'),
      element: { type: 'plain_text_input' as const, action_id: 'words', multiline: true, max_length: 200 },
    },
    {
      type: 'input' as const,
      block_id: 'again',
      optional: true,
      label: plain('May it ask again?'),
      element: {
        type: 'static_select' as const,
        action_id: 'choice',
        options: [option('Never'), option('Later')],
      },
    },
  ],
}

async function postCard(): Promise<string> {
  const { ts = '' } = await desk.client.chat.postMessage({
    channel: 'C_FINANCE',
    text: 'Refund $240',
    blocks: [
      { type: 'header', text: plain('Refund $240') },
      { type: 'section', text: plain(hostile) },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: '{"amount": 240}' }] }],
      },
      { type: 'section', fields: [{ type: 'mrkdwn', text: '*Asked by*\n<@U_ALICE> :wave:' }] },
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'approve', style: 'primary', text: plain('Approve') },
          { type: 'button', action_id: 'reject', style: 'danger', text: plain('Reject') },
        ],
      },
    ],
  })
  return ts
}

const card = (ts: string) => page.locator(`.channel .message[data-ts="${ts}"]`)

async function be(name: string): Promise<void> {
  await page.getByRole('button', { name: /You are/ }).click()
  await page.getByRole('menuitem', { name }).click()
  await page.getByRole('button', { name: new RegExp(`You are: ${name}`) }).waitFor()
}

beforeEach(async () => {
  await page.goto(`${desk.url}#as=U_BOB&in=C_FINANCE`)
  await page.getByRole('button', { name: /You are: Bob/ }).waitFor()
})

afterEach(() => {
  expect(reported).toEqual([])
  reported = []
})

describe('the page of the sandbox', () => {
  test('draws a card as Slack does, and what an agent wrote as nothing but text', async () => {
    const ts = await postCard()

    await card(ts).getByRole('heading', { name: 'Refund $240' }).waitFor()
    const text = await card(ts).innerText()
    expect(text).toContain(hostile)
    expect(text).toContain('@Alice Archer 👋')
    expect(await card(ts).locator('pre').innerText()).toBe('{"amount": 240}')
    expect(await card(ts).locator('script, a, .mention').count()).toBe(1)
    expect(await card(ts).locator('strong', { hasText: 'loud' }).count()).toBe(0)
    expect(await page.title()).toContain('#finance-approvals')
  })

  test('a click goes to the app, and the card that it changes is redrawn by itself', async () => {
    const ts = await postCard()

    await card(ts).getByRole('button', { name: 'Approve' }).click()

    await card(ts).getByText('Approved by @Bob Brandt').waitFor()
    expect(await card(ts).getByRole('button', { name: 'Approve' }).count()).toBe(0)
  })

  test('an answer to one person is seen by that person only', async () => {
    const ts = await postCard()
    const answer = page.locator('.message[data-visible-to=U_DAVE]', { hasText: 'Only Finance may approve.' })

    await be('Dave Diaz')
    await card(ts).getByRole('button', { name: 'Approve' }).click()
    await answer.getByText('Only visible to you').waitFor()

    await be('Bob Brandt')
    await card(ts).waitFor()
    expect(await answer.count()).toBe(0)
  })

  test('a modal shows what the app refuses below its field, keeps what was typed, and closes once accepted', async () => {
    const ts = await postCard()
    const modal = page.getByRole('dialog', { name: 'Reject' })

    await card(ts).getByRole('button', { name: 'Reject' }).click()
    await modal.getByRole('button', { name: 'Send' }).click()
    await modal.getByText('Please complete this required field.').waitFor()

    await modal.getByLabel('Why not?').fill('Too much')
    await modal.getByLabel('May it ask again?').click()
    await modal.getByRole('option', { name: 'Later' }).click()
    await modal.getByRole('button', { name: 'Send' }).click()
    await modal.getByText('Say a little more.').waitFor()
    expect(await modal.getByLabel('Why not?').inputValue()).toBe('Too much')

    await modal.getByLabel('Why not?').fill('Too much for one order')
    await modal.getByRole('button', { name: 'Send' }).click()
    await modal.waitFor({ state: 'detached' })
    await page
      .getByRole('main')
      .getByText(/U_BOB rejected: Too much for one order .*"value":"later"/)
      .waitFor()
  })

  test('a modal belongs to its person, and Escape closes it', async () => {
    const ts = await postCard()
    const modal = page.getByRole('dialog', { name: 'Reject' })
    await card(ts).getByRole('button', { name: 'Reject' }).click()
    await modal.getByLabel('Why not?').fill('half a thought')

    await be('Erin Eze')
    expect(await modal.count()).toBe(0)
    await be('Bob Brandt')
    expect(await modal.getByLabel('Why not?').inputValue()).toBe('half a thought')

    await modal.getByLabel('Why not?').press('Escape')
    await modal.waitFor({ state: 'detached' })
  })

  test('a slash command is completed while it is typed, and answered in private', async () => {
    const box = page.getByRole('textbox', { name: 'Message #finance-approvals' })

    await box.fill('/c')
    await page.getByRole('option', { name: '/countersign' }).waitFor()
    await box.press('Tab')
    await box.pressSequentially('pending')
    await box.press('Enter')

    await page.locator('.message[data-visible-to=U_BOB]').getByText('You typed: pending').waitFor()
  })

  test('counts what is unread elsewhere, opens a thread, and asks the app for its Home tab', async () => {
    const { ts = '' } = await desk.client.chat.postMessage({ channel: 'C_DATA', text: 'A question' })
    await desk.client.chat.postMessage({ channel: 'C_DATA', text: 'The answer', thread_ts: ts })
    const channel = page.getByRole('button', { name: 'data-approvals' })

    await channel.getByLabel('1 unread').waitFor()
    await channel.click()
    await page.getByRole('button', { name: /1 reply/ }).click()
    await page.getByRole('complementary', { name: 'Thread' }).getByText('The answer').waitFor()
    expect(await channel.getByLabel(/unread/).count()).toBe(0)

    await page.locator('[data-nav=home]').click()
    await page.getByRole('heading', { name: 'Hello U_BOB' }).waitFor()
  })
})
