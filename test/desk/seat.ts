import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { openBrowser } from '../sandbox/browser.ts'
import type { Desk } from './desk.ts'

/** A place at the sandbox's page, where one person after another sits down. */
export type Seat = {
  page: Page
  /** Sits down as somebody, in a channel. */
  be(who: string, channel: string): Promise<void>
  /** The card of a request in the channel that is open. */
  card(approval_id: string): Locator
  /** Presses a button on a card. */
  press(card: Locator, name: string | RegExp): Promise<void>
  /** Chooses from a card's menu. */
  choose(card: Locator, name: string): Promise<void>
  dialog(name: string): Locator
  /** What only this person was told, with these words. */
  told(words: RegExp): Promise<void>
  /** Kept to be looked at where SCREENSHOTS names a folder. */
  picture(name: string): Promise<void>
  close(): Promise<void>
}

export async function openSeat(
  desk: Desk,
  viewport: { width: number; height: number } = { width: 1280, height: 1_000 },
): Promise<Seat> {
  const browser: Browser = await openBrowser()
  const page = await browser.newPage({ viewport })
  page.setDefaultTimeout(15_000)
  const seat: Seat = {
    page,
    async be(who, channel) {
      await page.goto('about:blank')
      await page.goto(`${desk.slack.url}#as=${who}&in=${channel}`)
      await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    },
    card: (approval_id) => page.locator('.channel .message', { hasText: approval_id }).last(),
    press: (card, name) => card.getByRole('button', { name }).click(),
    async choose(card, name) {
      await card.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name }).click()
    },
    dialog: (name) => page.getByRole('dialog', { name }),
    told: (words) => page.locator('.message.private').getByText(words).last().waitFor(),
    async picture(name) {
      if (!process.env.SCREENSHOTS) return
      // Not a form that is half there.
      await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))')
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) })
    },
    close: () => browser.close(),
  }
  return seat
}
