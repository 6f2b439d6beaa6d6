// A document that may be faulty, read part by part: what is not there, or not what it should be, is empty.

export type Loose = { [key: string]: unknown }

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function loose(value: unknown): Loose {
  return isLoose(value) ? value : {}
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function texts(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}
