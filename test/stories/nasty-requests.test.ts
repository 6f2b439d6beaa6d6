import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { nasty } from '../cards/nasty.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { heightOf, parsedTexts, textsIn } from '../slack/seen.ts'

// Thirty requests that are valid and mean no good: each gets a card that the strict sandbox accepts, on which nothing
// pings, links or hides and the buttons are within reach, and Details that can be read to their last page.

type Modal = ReturnType<Desk['slack']['sandbox']['snapshot']>['modals'][number]

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('nasty-bot')
})
afterAll(() => desk.close())

/** Some two screens of a phone. */
const highest = 80

const unseen = /\p{Cf}|\u2028|\u2029|(?!\n|\t)\p{Cc}/u

/** The last page of Details: to its last part by the menu, and on from there. */
async function lastPage(who: string): Promise<Modal> {
  let modal = await desk.slack.sandbox.until(({ modals }) => modals.find(({ user }) => user === who))
  const part = JSON.stringify(modal.view)
    .match(/apr_\w+ \d+ \d+ \d+\.\d+/g)
    ?.at(-1)
  if (part === undefined) return modal
  modal = await turn(modal, 'details_part', { selected_option: optionOf(modal.view, part) })
  while (JSON.stringify(modal.view).includes('"details_next"')) modal = await turn(modal, 'details_next')
  return modal
}

async function turn({ id, hash, user }: Modal, action_id: string, value?: object): Promise<Modal> {
  const clicked = value ? { value: value as Record<string, unknown> } : {}
  await desk.slack.sandbox.act({ do: 'click_in_view', as: user, view_id: id, action_id, ...clicked })
  return desk.slack.sandbox.until(({ modals }) => modals.find((one) => one.id === id && one.hash !== hash))
}

function optionOf(view: object, value: string): unknown {
  let found: unknown
  JSON.stringify(view, (_key, inner: { value?: string } | null) => {
    if (inner?.value === value) found = inner
    return inner
  })
  return found
}

test('there are thirty', () => expect(new Set(nasty.map(({ name }) => name)).size).toBe(30))

describe('a request of', () => {
  test.each(nasty)('$name', async ({ action, more }) => {
    const asked = await agent.ask(action, more)
    const { text, blocks } = await desk.card(asked.id)
    const words = textsIn(blocks).join('\n')
    expect(heightOf(blocks)).toBeLessThan(highest)
    expect(words.replaceAll(/\p{RGI_Emoji}/gv, '')).not.toMatch(unseen)
    expect([text, ...parsedTexts(blocks)].join('\n')).not.toMatch(/<!(?!date)|<@|<https?:/)
    expect(JSON.stringify(blocks)).not.toMatch(/"type":"(user|usergroup|broadcast|channel)"/)
    for (const button of ['approve', 'reject', 'details'])
      expect(JSON.stringify(blocks)).toContain(`"${button}"`)

    await desk.click('U_CAROL', 'details', await desk.card(asked.id))
    const last = await lastPage('U_CAROL')
    // Of several pages it is the last; one alone ends with who decides.
    expect(textsIn(last.view).join('')).toMatch(/Page (\d+) of \1\D|Nothing is approved by silence/)
    await desk.slack.sandbox.act({ do: 'close', as: 'U_CAROL', view_id: last.id })
    expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
    expect(desk.toldPrivately('U_CAROL')).toEqual([])
  })
})
