import type { HistoryValues } from '../../approval/history.ts'
import type { PolicyInput } from '../input.ts'
import type { Known } from './constant.ts'
import type { Bindings } from './variables.ts'

export type Outcome = boolean | { failed: string }

/** A request as conditions see it. `bindings` is null where it cannot be read, and then every condition fails. */
export type Facts = { request: PolicyInput; history: HistoryValues; bindings: Bindings | null }

export type Condition = {
  /** The named conditions that it names itself. */
  names: readonly string[]
  /** The entries of `history` that it may look at, also through those that it names. */
  history: readonly string[]
  /** What is known of it without a request. */
  known: Known
  /** False where it cannot hold, whatever else there is: cheap to ask. */
  mayHold(request: PolicyInput): boolean
  test(facts: Facts): Outcome
}

/** Something wrong with a condition; `offset` counts UTF-16 code units from its start. */
export type ConditionFault = { offset: number; detail: string }
