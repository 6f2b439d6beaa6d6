import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openBrowser } from '../sandbox/browser.ts'

// What an approver sees and does who wants something else than what the agent asked for. SCREENSHOTS names a folder for
// what it looked like.

const policy = storyPolicy
  .replace('defaults:\n', 'defaults:\n  allowed_decisions: [approve, edit, reject]\n')
  .replaceAll(
    /- name: (big-)?refunds\n/g,
    '$&    editable: [amount, currency, reason, notify, on, cc, items, note]\n',
  )

let desk: Desk
let agent: TestAgent
let browser: Browser
let page: Page

beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('refund-bot')
  browser = await openBrowser()
  page = await browser.newPage({ viewport: { width: 1280, height: 1_300 } })
  page.setDefaultTimeout(15_000)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

async function be(who: string) {
  await page.goto('about:blank')
  await page.goto(`${desk.slack.url}#as=${who}&in=C_FINANCE`)
  await page.getByRole('textbox', { name: /^Message/ }).waitFor()
}

async function picture(name: string) {
  if (!process.env.SCREENSHOTS) return
  await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))')
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `edit-${name}.png`) })
}

const card = (id: string) => page.locator('.channel .message', { hasText: id })
const modal = () => page.getByRole('dialog', { name: 'Edit the action' })

const arguments_schema = {
  type: 'object',
  properties: {
    charge: { type: 'string' },
    amount: {
      type: 'number',
      title: 'Amount',
      description: 'What the customer gets back',
      minimum: 1,
      multipleOf: 0.01,
    },
    currency: { enum: ['EUR', 'USD', 'GBP'] },
    reason: { enum: ['duplicate', 'fraudulent', 'requested by customer', 'goodwill', 'broken', 'lost'] },
    notify: { type: 'boolean', title: 'Tell the customer' },
    on: { type: 'string', format: 'date', title: 'Booked on' },
    cc: { type: 'array', items: { type: 'string' }, title: 'Copies to' },
    items: { type: 'array', items: { type: 'object' } },
    note: { type: 'string', maxLength: 200 },
  },
  required: ['charge', 'amount'],
  additionalProperties: false,
}

test('by a form made from the schema: wrong values are told in place, the card shows before and after', async () => {
  const { id } = await agent.ask(
    {
      tool: 'stripe.refund',
      arguments: {
        charge: 'ch_1881',
        amount: 2400,
        currency: 'USD',
        reason: 'duplicate',
        notify: true,
        on: '2026-03-02',
        cc: ['dave@acme.example', 'finance@acme.example'],
        items: [{ sku: 'A-1', count: 2 }],
      },
      summary: 'Refund $2,400 to order 1881',
      justification: 'The customer was charged twice for the same order.',
    },
    { allowed_decisions: ['approve', 'edit', 'reject'], arguments_schema },
  )
  await desk.settle()
  await be('U_ERIN')
  await card(id)
    .getByRole('button', { name: /^Approve/ })
    .click()
  await card(id).getByText('1 of 2 approvals').waitFor()

  await be('U_BOB')
  await picture('1-card')
  await card(id).getByRole('button', { name: /^Edit/ }).click()
  await modal().getByLabel('Amount (amount)').fill('1200.005')
  await modal().getByLabel('note').fill('one of two items was kept')
  await modal().getByLabel('items').fill('[{"sku": "A-1", "count": 1},]')
  await modal().getByLabel('Why?').fill('One of the two was kept, says the shop')
  await modal().getByRole('button', { name: 'Approve as edited' }).click()
  await modal().getByText('This is not JSON').waitFor()
  await picture('2-not-json')
  await modal().getByLabel('items').fill('[{"sku": "A-1", "count": 1}]')
  await modal().getByRole('button', { name: 'Approve as edited' }).click()
  await modal().getByText('must be multiple of 0.01').waitFor()
  await picture('3-not-by-the-schema')
  await modal().getByLabel('Amount (amount)').fill('1200')
  await modal().getByRole('button', { name: 'Approve as edited' }).click()
  await card(id).getByText('Crossed out: what the agent asked for').waitFor()
  await desk.settle()
  await picture('4-card-edited')
  await card(id).getByRole('button', { name: /repl/ }).click()
  await page.locator('.section-text').getByText('what you approved is not what is asked').first().waitFor()
  await picture('5-thread')

  await be('U_ERIN')
  await card(id)
    .getByRole('button', { name: /Details/ })
    .click()
  await page.getByRole('dialog').getByText('What the agent asked for').first().waitFor()
  await picture('6-details')
  await page.keyboard.press('Escape')
  await card(id)
    .getByRole('button', { name: /^Approve/ })
    .click()
  await card(id).getByText('Approved as edited').waitFor()
  await picture('7-card-approved')
  expect((await agent.get(id)).effective_action?.changes?.map(({ path }) => path)).toEqual([
    '/amount',
    '/items',
    '/note',
  ])
}, 90_000)

test('as JSON where there is no schema', async () => {
  const { id } = await agent.ask(
    {
      tool: 'stripe.refund',
      arguments: { charge: 'ch_1882', amount: 240, currency: 'USD' },
      summary: 'Refund order 1882',
    },
    { allowed_decisions: ['approve', 'edit', 'reject'] },
  )
  await desk.settle()
  await be('U_BOB')
  await card(id).getByRole('button', { name: /^Edit/ }).click()
  const json = modal().getByLabel('The arguments that can be changed')
  await json.fill('{"amount": 200, "charge": "ch_1"}')
  await modal().getByRole('button', { name: 'Approve as edited' }).click()
  await modal().getByText('/charge: cannot be changed here').waitFor()
  await picture('8-json')
  await json.fill('{"amount": 200}')
  await modal().getByRole('button', { name: 'Approve as edited' }).click()
  await card(id).getByText('Approved as edited').waitFor()
  await picture('9-json-approved')
  expect((await agent.get(id)).effective_action?.arguments).toEqual({ charge: 'ch_1882', amount: 200 })
}, 60_000)
