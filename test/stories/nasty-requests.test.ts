import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { nasty } from '../cards/nasty.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { heightOf, parsedTexts, textsIn } from '../slack/seen.ts'

// Thirty requests that are valid and mean no good: each gets a card that the strict sandbox accepts, on which nothing
// pings, links or hides and the buttons are within reach, and Details that can be read to their last page.

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('nasty-bot')
})
afterAll(() => desk.close())

/** Some two screens of a phone. */
const highest = 80

const unseen = /[\p{Cf}\u2028\u2029\u0000-\u0008\u000B-\u001F]/u

async function lastPage(who: string) {
  const modal = await desk.slack.sandbox.until(({ modals }) => modals.find(({ user }) => user === who))
  const choices = JSON.stringify(modal.view).match(/apr_\w+ \d+ \d+ \d+\.\d+/g)
  if (!choices) return modal
  const value = { selected_option: optionOf(modal.view, choices.at(-1)!) }
  await desk.slack.sandbox.act({
    do: 'click_in_view',
    as: who,
    view_id: modal.id,
    action_id: 'details_part',
    value,
  })
  return desk.slack.sandbox.until(({ modals }) =>
    modals.find(({ id, hash }) => id === modal.id && hash !== modal.hash),
  )
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
    expect(textsIn(last.view).join('')).toContain('Nothing is approved by silence')
    await desk.slack.sandbox.act({ do: 'close', as: 'U_CAROL', view_id: last.id })
    expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
    expect(desk.toldPrivately('U_CAROL')).toEqual([])
  })
})
