import { describe, expect, test } from '@jest/globals'
import { createLanes } from '../../src/callback/index.ts'
import type { Attempt, Turn } from '../../src/callback/index.ts'
import { movedClock } from '../setup/moved-clock.ts'

const noAnswer: Attempt = {
  outcome: 'retry',
  status: null,
  error: 'no answer within 15 s',
  duration_ms: 15_000,
  retry_after_ms: null,
  address: null,
}
const delivered: Attempt = { ...noAnswer, outcome: 'delivered', status: 200, error: null }
const refused: Attempt = { ...noAnswer, outcome: 'refused' }
const busy: Attempt = { ...noAnswer, status: 429 }
const broken: Attempt = { ...noAnswer, status: 500 }
const unfit: Attempt = { ...noAnswer, status: 404 }

const url = 'https://agent.example/hook'

function setUp() {
  const clock = movedClock(new Date('2026-01-01T00:00:00.000Z'))
  const lanes = createLanes({ clock })
  /** A try that is under way until `finish` says what came of it. */
  const begin = (target = url) => {
    let finish: (attempt: Attempt) => Promise<Turn> = () => turn
    const turn = lanes.run(target, () => {
      const { promise, resolve } = Promise.withResolvers<Attempt>()
      finish = (attempt) => {
        resolve(attempt)
        return turn
      }
      return promise
    })
    return { turn, finish: (attempt: Attempt) => finish(attempt) }
  }
  const make = (attempt: Attempt, target = url) => lanes.run(target, () => Promise.resolve(attempt))
  /** How many ms it is until one may come again; 0 where the try was made. */
  const sentAway = async (turn: Promise<Turn>) => {
    const made = await turn
    return made.ran ? 0 : made.until.getTime() - clock.now().getTime()
  }
  const makeDead = async () => {
    for (let i = 0; i < 5; i++) await make(noAnswer)
  }
  return { clock, lanes, begin, make, sentAway, makeDead }
}

describe('the width of a lane', () => {
  test('an endpoint that has not answered yet is tried four times at once, the fifth comes again later', async () => {
    const { begin, sentAway } = setUp()
    for (let i = 0; i < 4; i++) begin()
    expect(await sentAway(begin().turn)).toBeGreaterThan(0)
  })

  test('another endpoint is not held up, another path of the same is', async () => {
    const { begin, make, sentAway } = setUp()
    for (let i = 0; i < 4; i++) begin()
    expect(await sentAway(make(delivered, 'https://other.example/hook'))).toBe(0)
    expect(await sentAway(make(delivered, 'https://agent.example:8443/hook'))).toBe(0)
    expect(await sentAway(make(delivered, 'https://agent.example/other'))).toBeGreaterThan(0)
  })

  test('a try that ends makes room', async () => {
    const { begin, make, sentAway } = setUp()
    const [first] = [begin(), begin(), begin(), begin()]
    expect(await sentAway(make(delivered))).toBeGreaterThan(0)
    await first?.finish(refused)
    expect(await sentAway(make(delivered))).toBe(0)
  })

  test('so does one that throws', async () => {
    const { lanes, make, sentAway } = setUp()
    for (let i = 0; i < 10; i++)
      await expect(lanes.run(url, () => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
    expect(await sentAway(make(delivered))).toBe(0)
  })

  test('grows to sixteen with answers and no further', async () => {
    const { begin, make, sentAway } = setUp()
    for (let i = 0; i < 5; i++) await make(delivered)
    for (let i = 0; i < 15; i++) begin()
    expect(await sentAway(make(delivered))).toBe(0)
    begin()
    expect(await sentAway(begin().turn)).toBeGreaterThan(0)
  })

  test('shrinks to one without answers', async () => {
    const { begin, make, sentAway } = setUp()
    for (let i = 0; i < 3; i++) await make(broken)
    begin()
    expect(await sentAway(begin().turn)).toBeGreaterThan(0)
  })

  test('those sent away get a place each, none of them more than a minute away', async () => {
    const { begin, sentAway } = setUp()
    for (let i = 0; i < 4; i++) begin()
    const places: number[] = []
    for (let i = 0; i < 10_000; i++) places.push(await sentAway(begin().turn))
    expect(new Set(places.slice(0, 1_000)).size).toBe(1_000)
    expect(Math.max(...places)).toBe(60_000)
  })
})

describe('the breaker of an endpoint', () => {
  test('opens after five tries in a row without an answer, for ten seconds', async () => {
    const { clock, make, sentAway, makeDead } = setUp()
    await makeDead()
    expect(await sentAway(make(delivered))).toBeGreaterThanOrEqual(10_000)
    clock.move(9_999)
    expect(await sentAway(make(delivered))).toBeGreaterThan(0)
    clock.move(1)
    expect(await sentAway(make(delivered))).toBe(0)
  })

  test.each([
    ['2xx', delivered],
    ['404', unfit],
  ])('counts anew after an answer of %s', async (_, answer) => {
    const { make, sentAway } = setUp()
    for (let i = 0; i < 4; i++) await make(noAnswer)
    await make(answer)
    for (let i = 0; i < 4; i++) await make(broken)
    expect(await sentAway(make(delivered))).toBe(0)
  })

  test.each([
    ['a refused target', refused],
    ['429', busy],
  ])('does not count %s, for or against', async (_, attempt) => {
    const { make, sentAway } = setUp()
    for (let i = 0; i < 20; i++) await make(attempt)
    for (let i = 0; i < 4; i++) await make(noAnswer)
    await make(attempt)
    expect(await sentAway(make(noAnswer))).toBe(0)
    expect(await sentAway(make(delivered))).toBeGreaterThan(0)
  })

  test.each([
    ['had never answered', 0],
    ['had answered well', 10],
  ])(
    'lets one probe through to an endpoint that %s, and keeps the others away meanwhile',
    async (_, answers) => {
      const { clock, begin, make, sentAway, makeDead } = setUp()
      for (let i = 0; i < answers; i++) await make(delivered)
      await makeDead()
      clock.move(10_000)
      const probe = begin()
      expect(await sentAway(begin().turn)).toBeGreaterThan(0)

      await probe.finish(delivered)

      begin()
      expect(await sentAway(make(delivered))).toBe(0)
    },
  )

  test('stays open when the probe is not answered', async () => {
    const { clock, begin, sentAway, makeDead } = setUp()
    await makeDead()
    clock.move(10_000)
    const probe = begin()
    clock.move(15_000)
    await probe.finish(noAnswer)
    expect(await sentAway(begin().turn)).toBeGreaterThanOrEqual(10_000)
  })

  test('sends the next probe when the last one told nothing', async () => {
    const { clock, lanes, make, sentAway, makeDead } = setUp()
    await makeDead()
    clock.move(10_000)
    await make(refused)
    await expect(lanes.run(url, () => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
    expect(await sentAway(make(delivered))).toBe(0)
  })

  test('never delays a callback that is alone at its endpoint', async () => {
    const { clock, make, sentAway } = setUp()
    for (const wait_ms of [4_000, 24_000, 96_000, 480_000, 2_880_000, 8_640_000, 23_040_000]) {
      expect(await sentAway(make(noAnswer))).toBe(0)
      clock.move(wait_ms)
    }
    expect(await sentAway(make(noAnswer))).toBe(0)
  })
})

test('a URL that cannot be read is not kept from being refused', async () => {
  const { make, sentAway } = setUp()
  for (let i = 0; i < 20; i++) expect(await sentAway(make(refused, 'nonsense'))).toBe(0)
})
