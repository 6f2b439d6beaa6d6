import type { SlackObject } from '../protocol.ts'

/** Where a fault is, as a JSON pointer, and what it is, in the words that Slack answers. */
export type Fault = { at: string; message: string }
export type Report = (message: string, at: string) => void

/** Reports every fault that it finds in `value`, which stands at the JSON pointer `at`. */
export type Check = (value: unknown, at: string, report: Report) => void

export type Fields = Record<string, Check>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** With a string as its `type`, as every block, element and view has. */
export function isSlackObject(value: unknown): value is SlackObject {
  return isRecord(value) && typeof value['type'] === 'string'
}

/** For a message: a string as it is, anything else as JSON. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export const anything: Check = () => undefined

/** A string of `min` to `max` UTF-16 units, and of the form that `pattern` asks for. */
export function text(min: number, max: number, pattern?: RegExp): Check {
  return (value, at, report) => {
    if (typeof value !== 'string') report('must provide a string', at)
    else if (value.length < min) report(`must be more than ${min - 1} characters`, at)
    else if (value.length > max) report(`must be less than ${max + 1} characters`, at)
    else if (pattern && !pattern.test(value)) report('does not match the required pattern', at)
  }
}

export const flag: Check = (value, at, report) => {
  if (typeof value !== 'boolean') report('must provide a boolean', at)
}

export function integer(min: number, max: number): Check {
  return (value, at, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) report('must provide an integer', at)
    else if (value < min) report(`must be greater than or equal to ${min}`, at)
    else if (value > max) report(`must be less than or equal to ${max}`, at)
  }
}

export function oneOf(...allowed: (string | number)[]): Check {
  return (value, at, report) => {
    if (typeof value !== 'string' && typeof value !== 'number') report('must provide a string', at)
    else if (!allowed.includes(value)) report('must be a valid enum value', at)
  }
}

export function list(item: Check, min: number, max: number): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report('must provide an array', at)
    if (value.length < min) report(`must provide at least ${min} item${min === 1 ? '' : 's'}`, at)
    if (value.length > max) report(`no more than ${max} items allowed`, at)
    value.forEach((each, index) => item(each, `${at}/${index}`, report))
  }
}

/** An object with all of `required`, any of `optional` and nothing else; `rule` looks at the object as a whole. */
export function object(required: Fields, optional: Fields = {}, rule?: Check): Check {
  return (value, at, report) => {
    if (!isRecord(value)) return report('must provide an object', at)
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) report(`missing required field: ${name}`, at)
    }
    for (const [name, inside] of Object.entries(value)) {
      const check = Object.hasOwn(required, name)
        ? required[name]
        : Object.hasOwn(optional, name)
          ? optional[name]
          : null
      if (!check) report(`invalid additional property: ${name}`, at)
      else check(inside, `${at}/${name}`, report)
    }
    rule?.(value, at, report)
  }
}

/** An object whose `type` is one of the names in `checks`. */
export function byType(checks: Record<string, Check>): Check {
  return (value, at, report) => {
    if (!isRecord(value)) return report('must provide an object', at)
    const { type } = value
    if (type === undefined) return report('missing required field: type', at)
    const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined
    if (check) check(value, at, report)
    else report(`unsupported type: ${shown(type)}`, `${at}/type`)
  }
}

/** The `object` of one type, for `byType`: its `type` has been looked at already. */
export function typed(required: Fields, optional: Fields = {}, rule?: Check): Check {
  return object({ type: anything, ...required }, optional, rule)
}

/** At least one of `names`, or exactly one where `only` is set. */
export function someOf(names: string[], only = false): Check {
  return (value, at, report) => {
    const given = isRecord(value) ? names.filter((name) => value[name] !== undefined) : []
    if (given.length === 0) report(`missing required field: ${names.join(' or ')}`, at)
    if (only && given.length > 1)
      report(`cannot provide both ${given.map((name) => `\`${name}\``).join(' and ')}`, at)
  }
}

export function faultsOf(check: Check, value: unknown, at: string): Fault[] {
  const faults: Fault[] = []
  check(value, at, (message, where) => faults.push({ at: where, message }))
  return faults
}
