import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { movedClock, setting } from './setting.ts'
import type { MovedClock, Setting } from './setting.ts'

let clock: MovedClock
let desk: Setting

beforeEach(async () => {
  clock = movedClock()
  desk = await setting({ clock })
})

afterEach(async () => {
  await desk.close()
})

const post = (channel = 'C_DATA') => desk.client.chat.postMessage({ channel, text: 'x' })
const stored = () => desk.sandbox.snapshot().messages.length

describe('a fault', () => {
  test('drop_before_delivery: nothing is done and the connection is cut', async () => {
    desk.sandbox.inject({ kind: 'drop_before_delivery', times: 1 })
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    expect(stored()).toBe(0)
    expect(desk.sandbox.calls()).toMatchObject([{ method: 'chat.postMessage', answer: null }])
    expect(await post()).toMatchObject({ ok: true })
  })

  test('drop_after_delivery: it is done and nobody hears of it', async () => {
    desk.sandbox.inject({ kind: 'drop_after_delivery', times: 1 })
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    expect(stored()).toBe(1)
  })

  test('rate_limited, http_error, slack_error: answered so, and nothing is done', async () => {
    desk.sandbox.inject({ kind: 'rate_limited', retry_after_s: 7, times: 1 })
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 })
    desk.sandbox.inject({ kind: 'http_error', status: 503, times: 1 })
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_http_error', statusCode: 503 })
    desk.sandbox.inject({ kind: 'slack_error', error: 'internal_error', times: 1 })
    await expect(post()).rejects.toMatchObject({ data: { error: 'internal_error' } })
    expect(stored()).toBe(0)
  })

  test('delay: the call goes on after it, together with another fault', async () => {
    desk.sandbox.inject({ kind: 'delay', ms: 20, times: 2 })
    desk.sandbox.inject({ kind: 'slack_error', error: 'fatal_error', times: 1 })
    const slow = desk.call('chat.postMessage', { channel: 'C_DATA', text: 'x' })
    expect(await desk.call('auth.test')).toMatchObject({ ok: true })
    expect(await slow).toMatchObject({ error: 'fatal_error' })
    expect(await post()).toMatchObject({ ok: true })
  })

  test('strikes the method and channel that it names, until it is cleared', async () => {
    const id = desk.sandbox.inject({
      kind: 'slack_error',
      error: 'a',
      method: 'chat.postMessage',
      channel: 'C_DATA',
    })
    expect(await desk.call('auth.test')).toMatchObject({ ok: true })
    expect(await post('C_GENERAL')).toMatchObject({ ok: true })
    await expect(post()).rejects.toThrow()
    await expect(post()).rejects.toThrow()
    desk.sandbox.clearFaults(id)
    expect(await post()).toMatchObject({ ok: true })
  })

  test('comes and goes over HTTP, where a misspelt one is refused', async () => {
    const send = (body: unknown) => fetch(`${desk.url}faults`, { method: 'POST', body: JSON.stringify(body) })
    expect((await send({ kind: 'earthquake' })).status).toBe(400)
    expect((await send({ kind: 'delay', ms: 1, tmies: 2 })).status).toBe(400)
    const made = await send({ kind: 'http_error', status: 500 })
    expect(await made.json()).toEqual({ id: expect.any(String) })
    await expect(post()).rejects.toThrow()
    await fetch(`${desk.url}faults`, { method: 'DELETE' })
    expect(await post()).toMatchObject({ ok: true })
  })
})

describe('at Slack’s pace', () => {
  beforeEach(() => desk.sandbox.setRates('slack'))

  const limited = (retryAfter: number) => ({ code: 'slack_webapi_rate_limited_error', retryAfter })

  test('a channel takes one message a second, and each channel its own', async () => {
    await post()
    await expect(post()).rejects.toMatchObject(limited(1))
    await post('C_GENERAL')
    await clock.advance(1000)
    await post()
    expect(stored()).toBe(3)
  })

  test('a method takes its number a minute, whatever it is asked', async () => {
    const list = () => desk.client.usergroups.users.list({ usergroup: 'S_FINANCE' })
    for (let call = 0; call < 20; call += 1) await list()
    await expect(list()).rejects.toMatchObject(limited(3))
    await clock.advance(3000)
    await list()
    await expect(list()).rejects.toMatchObject(limited(3))
    expect(await desk.call('auth.test')).toMatchObject({ ok: true })
  })
})
