import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

test.each([
  ['bogus', '{}', 415],
  ['gzip', 'this is not gzip', 400],
  ['gzip, gzip', '{}', 415],
])(
  'a body to Slack’s endpoint that is packed as %s is refused in one line',
  async (encoding, body, status) => {
    const headers = { 'content-encoding': encoding, 'content-type': 'application/json' }
    const answer = await fetch(`${desk.app.url}/slack/events`, { method: 'POST', headers, body })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await answer.text()).toBe('This request cannot be read')
  },
)
