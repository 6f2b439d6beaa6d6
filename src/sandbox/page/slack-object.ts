import type { SlackObject } from '../protocol.ts'

/** Reading what an app sent: it may hold anything, so nothing is taken on trust. */
export type Loose = Record<string, unknown>

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function object(from: Loose, key: string): SlackObject | undefined {
  const value = from[key]
  return isObject(value) ? { type: '', ...value } : undefined
}

export function objects(from: Loose, key: string): SlackObject[] {
  const value = from[key]
  return Array.isArray(value) ? value.filter(isObject).map((item) => ({ type: '', ...item })) : []
}

export function string(from: Loose, key: string): string | undefined {
  const value = from[key]
  return typeof value === 'string' ? value : undefined
}

export function strings(from: Loose, key: string): string[] {
  const value = from[key]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

export function number(from: Loose, key: string): number | undefined {
  const value = from[key]
  return typeof value === 'number' ? value : undefined
}

/** The bare words of a text object, for labels and tooltips. */
export function words(from: Loose, key: string): string {
  const text = object(from, key)
  return text ? (string(text, 'text') ?? '') : ''
}
