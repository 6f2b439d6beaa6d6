import { isCelList, isCelMap, type CelValue } from '@bufbuild/cel'

/**
 * What all conditions of a policy together may spend on one request, in steps. It was set so that the worst request
 * takes a few hundred milliseconds: see docs/decisions/0005-cel-library.md. Beyond it conditions fail.
 */
export const allowance = 2_000_000

/** Counts what conditions cost, where that depends on the request and not on the condition's own bounded text. */
export type Meter = {
  /** Starts a request's allowance anew. */
  reset(): void
  /** Throws when the allowance is spent, and from then on. */
  spend(steps: number): void
  /** Pays for looking at a value and everything in it. */
  spendOn(value: CelValue): void
  /** True once more was asked for than there was. */
  isExhausted(): boolean
}

const tooCostly = new Error('the conditions cost too much on this request')

export function createMeter(): Meter {
  let left = allowance
  const meter: Meter = {
    reset() {
      left = allowance
    },
    spend(steps) {
      left -= steps
      if (left < 0) throw tooCostly
    },
    spendOn(value) {
      if (typeof value === 'string') meter.spend(1 + value.length / 256)
      else if (isCelList(value)) for (const element of value) meter.spendOn(element)
      else if (isCelMap(value)) for (const [, element] of value.entries()) meter.spendOn(element)
      meter.spend(1)
    },
    isExhausted: () => left < 0,
  }
  return meter
}
