import { getEventListeners } from 'node:events'
import { expect, test } from '@jest/globals'
import { createCalls, createSignal } from '../../src/platform/signal.ts'

const never = new AbortController().signal

test('a signal raised while nobody waits is kept for the next, and once only', async () => {
  const signal = createSignal()
  signal.raise()
  signal.raise()
  await signal.wait(never)
  const stop = new AbortController()
  const second = signal.wait(stop.signal)
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1)
  stop.abort()
  await second
})

test('however often is waited, nothing is left that listens to what would stop it', async () => {
  const signal = createSignal()
  const stop = new AbortController()
  for (let nth = 0; nth < 20; nth++) {
    const waiting = signal.wait(stop.signal)
    signal.raise()
    await waiting
  }
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
})

test('who gives up leaves the signal for the next', async () => {
  const signal = createSignal()
  const stop = new AbortController()
  const given_up = signal.wait(stop.signal)
  signal.raise()
  stop.abort()
  await given_up
  await signal.wait(never)
})

test('each who listens hears every call', async () => {
  const calls = createCalls()
  const [a, b] = [calls.listen(), calls.listen()]
  calls.raise()
  await a.wait(never)
  await b.wait(never)
})
