import { once } from 'node:events'
import { createServer } from 'node:http'
import type { HomeView, ModalView } from '@slack/types'
import type { Browser, Page } from 'playwright-core'
import type { Rendered } from '../../src/slack/posts.ts'
import { openBrowser } from '../sandbox/browser.ts'
import { setting, type Setting } from '../sandbox/setting.ts'

/** Who looks at it: Bob, in Berlin. */
const reader = 'U_BOB'
const channel = 'C_FINANCE'

export type Board = {
  desk: Setting
  page: Page
  /** What the browser reported as errors. */
  reported: string[]
  /** Posts a card and resolves with its picture, a PNG. */
  card(card: Rendered): Promise<Buffer>
  /** Opens a modal and resolves with its picture. */
  modal(view: ModalView): Promise<Buffer>
  /** Publishes a Home and resolves with its picture. */
  home(view: HomeView): Promise<Buffer>
  close(): Promise<void>
}

/**
 * The sandbox with nothing but what is put before it, seen in a real browser: what stands in the pictures depends on what is
 * drawn, and on `now`, which never moves.
 *
 * @param look.width of the window in pixels: below 680 the page is a phone's
 */
export async function openBoard(now: Date, look: { width: number; scale?: number }): Promise<Board> {
  const triggers: string[] = []
  const app = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const payload = new URLSearchParams(body).get('payload')
      if (payload) triggers.push((JSON.parse(payload) as { trigger_id: string }).trigger_id)
      response.end()
    })
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const address = app.address()
  const app_url = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/` : null
  const clock = { now: () => now, sleep: () => new Promise<void>(() => undefined) }
  const desk = await setting({ app_url: () => app_url, clock })
  const browser: Browser = await openBrowser()
  const page = await browser.newPage({
    viewport: { width: look.width, height: 2_400 },
    deviceScaleFactor: look.scale ?? 1,
    reducedMotion: 'reduce',
  })
  const reported: string[] = []
  page.on('pageerror', (error) => reported.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') reported.push(message.text())
  })
  page.setDefaultTimeout(15_000)
  await page.clock.setFixedTime(now)
  await page.goto(`${desk.url}#as=${reader}&in=${channel}`)

  async function post(card: Rendered): Promise<string> {
    const { ts } = await desk.client.chat.postMessage({ channel, ...card })
    if (ts === undefined) throw new Error('the sandbox took a card and named no ts')
    return ts
  }

  return {
    desk,
    page,
    reported,
    async card(card) {
      const ts = await post(card)
      const message = page.locator(`.channel .message[data-ts="${ts}"]`)
      await message.waitFor()
      await page.evaluate('document.fonts.ready')
      return message.screenshot()
    },
    async modal(view) {
      const button = {
        type: 'button' as const,
        action_id: 'open',
        text: { type: 'plain_text' as const, text: 'Open' },
      }
      const ts = await post({
        text: 'Open',
        blocks: [{ type: 'actions', elements: [button] }],
        metadata: { event_type: 'open', event_payload: {} },
      })
      await desk.sandbox.act({ do: 'click', as: reader, channel, ts, action_id: 'open' })
      await desk.client.views.open({ trigger_id: triggers.at(-1)!, view })
      const dialog = page.locator('.dialog')
      await dialog.waitFor()
      const picture = await dialog.screenshot()
      const open = desk.sandbox.snapshot().modals.at(-1)
      if (open) await desk.sandbox.act({ do: 'close', as: reader, view_id: open.id })
      await dialog.waitFor({ state: 'detached' })
      return picture
    },
    async home(view) {
      await desk.client.views.publish({ user_id: reader, view })
      await page.goto(`${desk.url}#as=${reader}&in=home`)
      const body = page.locator('.home-body')
      await body.getByRole('heading').first().waitFor()
      await page.evaluate('document.fonts.ready')
      return body.screenshot()
    },
    async close() {
      await browser.close()
      await desk.close()
      app.close()
      app.closeAllConnections()
    },
  }
}
