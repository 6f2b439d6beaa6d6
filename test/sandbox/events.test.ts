import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { defaultSeed } from '../../src/sandbox/index.ts'
import { movedClock, plainApp, setting } from './setting.ts'
import type { Answering, MovedClock, PlainApp, Setting } from './setting.ts'

let clock: MovedClock
let answer: Answering
let app: PlainApp
let desk: Setting

beforeEach(async () => {
  clock = movedClock()
  answer = (_, res) => res.end()
  app = await plainApp((received, res) => answer(received, res))
  const team = { ...defaultSeed.team, events: ['app_mention', 'message.im', 'message.channels'] }
  desk = await setting({ clock, app_url: () => app.url, workspace: { ...defaultSeed, team } })
})

afterEach(async () => {
  await desk.close()
  await app.close()
})

const say = (text: string) => desk.sandbox.act({ do: 'say', as: 'U_BOB', channel: 'C_DATA', text })

test('what is said in a channel is told to an app that is in it and subscribed', async () => {
  await say('hello <@U_COUNTERSIGN>')
  const { payload, headers } = await app.next()
  expect(headers['content-type']).toBe('application/json')
  expect(payload).toMatchObject({
    type: 'event_callback',
    team_id: 'T_ACME',
    api_app_id: 'A_COUNTERSIGN',
    event_id: expect.stringMatching(/^Ev/),
    event: { type: 'message', channel: 'C_DATA', channel_type: 'channel', user: 'U_BOB' },
    authorizations: [expect.objectContaining({ user_id: 'U_COUNTERSIGN', is_bot: true })],
  })
  expect((await app.next()).payload).toMatchObject({ event: { type: 'app_mention' } })
  await desk.sandbox.act({ do: 'open_home', as: 'U_BOB' })
  desk.sandbox.edit.removeBot('C_DATA')
  await say('is anybody there?')
  expect(app.received).toHaveLength(2)
})

test('an event that is not acknowledged comes three times more, on the clock, and is then given up', async () => {
  answer = (_, res) => res.writeHead(503).end()
  await say('hello')
  const first = await app.next()
  expect(first.headers).not.toHaveProperty('x-slack-retry-num')
  const retry = async (num: string) => {
    const again = await app.next()
    expect(again.headers).toMatchObject({ 'x-slack-retry-num': num, 'x-slack-retry-reason': 'http_error' })
    expect(again.payload['event_id']).toBe(first.payload['event_id'])
  }
  await retry('1')
  await clock.asleep()
  await clock.advance(60_000)
  await retry('2')
  await clock.asleep()
  await clock.advance(300_000)
  await retry('3')
  await desk.sandbox.until(({ complaints }) => complaints.find(({ what }) => what === 'event_lost'))
  expect(app.received).toHaveLength(4)
})

test('an app can ask not to be sent it again', async () => {
  answer = (_, res) => res.writeHead(500, { 'x-slack-no-retry': '1' }).end()
  await say('hello')
  await clock.advance(3_600_000)
  expect(app.received).toHaveLength(1)
})
