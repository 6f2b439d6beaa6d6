import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Json, Request } from '../../src/approval/approval.ts'
import { reveal } from '../../src/approval/reveal.ts'
import { parseView } from '../../src/sandbox/web-api/views.ts'
import { onOneLine } from '../../src/slack/views/brief.ts'
import { detailsView } from '../../src/slack/views/details/modal.ts'
import { pagesOf, type Page } from '../../src/slack/views/details/pages.ts'
import { partsOf } from '../../src/slack/views/details/parts.ts'
import { opened } from '../approval/given.ts'
import { requests } from './requests.ts'
import { textsIn } from './seen.ts'

// All of any request is somewhere in Details, and the strict sandbox takes every page.

const people = { team_url: 'https://acme.slack.com/', names: {} }
const ticket = { approval_id: `apr_${'0'.repeat(26)}`, stage: 0, revision: 1, seen: null }

/** Every page, and what stands on all of them, as one text. */
function read(request: Partial<Request>): { pages: Page[]; words: string } {
  const pages = pagesOf(partsOf(opened({}, request), people, { highlights: [], earlier: null }))
  return { pages, words: textsIn(pages).join('') }
}

/** Every key and every value in it, as texts. */
function leavesOf(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)]
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  return Object.entries(value).flatMap(([key, inner]) => [onOneLine(key), ...leavesOf(inner)])
}

/** What stands in a text after its boxes were cut. */
const uncut = (text: string) => text.replaceAll(/part \d+ of \d+/g, '')

function expectTaken(request: Partial<Request>, pages: number[]) {
  const approval = { ...opened({}, request), id: ticket.approval_id }
  for (const page of pages) {
    const view = detailsView(approval, ticket, people, { highlights: [], earlier: approval }, page)
    const { ok } = parseView(JSON.parse(JSON.stringify(view)), 'modal', [])
    if (!ok) throw new Error(`page ${page} is refused: ${JSON.stringify(view).slice(0, 500)}`)
  }
}

test('every page of any request is taken, and every argument is on one', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { pages, words } = read(request)
      expectTaken(request, [...pages.keys()])
      const seen = uncut(words)
      const missing = leavesOf(request.action?.arguments ?? {}).filter((part) => !seen.includes(reveal(part)))
      expect(missing).toEqual([])
    }),
    { numRuns: 60 },
  )
})

describe('the largest requests', () => {
  const action = (args: Request['action']['arguments']) => ({
    action: { tool: 't', arguments: args, summary: null, justification: null },
  })
  const nested = (depth: number): Json =>
    depth === 0 ? 'the bottom' : { [`level ${depth}`]: nested(depth - 1) }
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))
  const lines = Array.from({ length: 3_000 }, (_, i) => `line ${i} of the script`).join('\n')

  test.each<[string, Request['action']['arguments'], string[]]>([
    ['one long text', { text: `${'x'.repeat(250_000)} end` }, [' end']],
    ['3,000 lines', { script: lines }, ['line 0 of', 'line 2999 of']],
    ['20,000 fields', many, ['k0', 'k19999']],
    [
      'a list of 60,000 numbers',
      { list: Array.from({ length: 60_000 }, (_, i) => i % 1_000) },
      ['from #59961'],
    ],
    ['60 levels', { deep: nested(60) }, ['level 60', 'level 1', 'the bottom']],
    ['a long name', { ['n'.repeat(100_000)]: 1 }, ['A name of 100000 characters']],
    ['nothing but what cannot be seen', { text: '\u200B'.repeat(80_000) }, ['⟨U+200B⟩']],
    ['quotes, which weigh most', { text: '"\\'.repeat(60_000) }, ['"\\']],
  ])('%s', (_what, args, expected) => {
    const { pages, words } = read(action(args))
    expectTaken(action(args), [0, 1, pages.length - 1])
    expect(expected.filter((text) => !words.includes(text))).toEqual([])
  })
})
