import { describe, expect, test } from '@jest/globals'
import { assert, jsonValue, property } from 'fast-check'
import type { JsonObject } from '../../src/approval/approval.ts'
import { difference, type Change } from '../../src/approval/difference.ts'

describe('what differs between two objects', () => {
  test.each<[string, JsonObject, JsonObject, Change[]]>([
    [
      'nothing, whatever the order of the keys',
      { a: 1, b: { c: [1, { d: 2 }] } },
      { b: { c: [1, { d: 2 }] }, a: 1 },
      [],
    ],
    ['a value', { a: 1 }, { a: 2 }, [{ path: '/a', from: 1, to: 2 }]],
    ['a value’s type', { a: 1 }, { a: '1' }, [{ path: '/a', from: 1, to: '1' }]],
    ['null, and not being there', { a: null }, {}, [{ path: '/a', from: null }]],
    ['what was added', {}, { a: null }, [{ path: '/a', to: null }]],
    [
      'what lies deep',
      { a: { b: { c: 1 } } },
      { a: { b: { c: 2, d: 3 } } },
      [
        { path: '/a/b/c', from: 1, to: 2 },
        { path: '/a/b/d', to: 3 },
      ],
    ],
    ['a list as a whole', { a: [1, 2, 3] }, { a: [1, 3] }, [{ path: '/a', from: [1, 2, 3], to: [1, 3] }]],
    ['an object for a list', { a: [] }, { a: {} }, [{ path: '/a', from: [], to: {} }]],
    [
      'keys that pointers must escape',
      { 'a/b': 1, '~': 1 },
      { 'a/b': 2, '~': 2 },
      [
        { path: '/a~1b', from: 1, to: 2 },
        { path: '/~0', from: 1, to: 2 },
      ],
    ],
    [
      'keys that every object has',
      {},
      { constructor: 1, toString: 2 },
      [
        { path: '/constructor', to: 1 },
        { path: '/toString', to: 2 },
      ],
    ],
    ['zero and zero below zero, which are one JSON number', { a: 0 }, { a: -0 }, []],
  ])('%s', (_name, before, after, expected) => {
    expect(difference(before, after)).toEqual(expected)
  })

  test('is nothing exactly where both are the same JSON', () => {
    assert(
      property(jsonValue({ maxDepth: 3 }), jsonValue({ maxDepth: 3 }), (a, b) => {
        const [before, after] = [{ x: a }, { x: b }] as [JsonObject, JsonObject]
        expect(difference(before, structuredClone(before))).toEqual([])
        const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))
        expect(difference(before, after).length === 0).toBe(same)
      }),
      { numRuns: 500 },
    )
  })

  function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted)
    if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    )
  }
})
