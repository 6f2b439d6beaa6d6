import type { PolicyInput } from '../input.ts'
import type { Bindings } from './variables.ts'

export type Outcome = boolean | { failed: string }

/** A request as conditions see it. Null where it cannot be read, and then every condition fails. */
export type Facts = { request: PolicyInput; bindings: Bindings | null }

export type Condition = { test(facts: Facts): Outcome }

/** Something wrong with a condition; `offset` counts UTF-16 code units from its start. */
export type ConditionFault = { offset: number; detail: string }
