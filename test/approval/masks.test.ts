import { describe, expect, test } from '@jest/globals'
import type { Approval, JsonObject, Request } from '../../src/approval/approval.ts'
import { maskedChanges, masker } from '../../src/approval/masker.ts'
import { findMasks, findMasksOfEdit } from '../../src/approval/masks.ts'
import { canBeEdited, editableKeys } from '../../src/approval/effective.ts'
import { difference } from '../../src/approval/difference.ts'
import { builtInSecrets, type SecretFinder } from '../../src/approval/secrets.ts'
import { shown } from '../../src/approval/shown.ts'
import { opened, requestOf } from './given.ts'

// What nobody is shown of a request is found by its keys and by its forms, and is left out wherever the request is shown.

const found = (request: Partial<Request>) => findMasks(requestOf(request), builtInSecrets)
const asking = (args: JsonObject, more: Partial<Request['action']> = {}): Partial<Request> => ({
  action: { tool: 't', arguments: args, summary: null, justification: null, ...more },
})

describe('by its key', () => {
  test.each([
    'password',
    'DB_PASSWORD',
    'clientSecret',
    'X-Api-Key',
    'accessToken',
    'aws_secret_access_key',
    'Authorization',
    'cvv',
    'privateKey',
  ])('%s', (key) =>
    expect(found(asking({ [key]: 'x' }))).toEqual([{ at: `/action/arguments/${key}`, spans: null }]),
  )

  test.each(['max_tokens', 'password_policy', 'token_count', 'secretary', 'key', 'author', 'passenger'])(
    '%s is no secret',
    (key) => expect(found(asking({ [key]: 'x' }))).toEqual([]),
  )

  test('of any kind and at any depth, but not that it is there or is not', () => {
    const args = {
      a: [{ login: { user: 'ada', pin: 1, otp: 123_456 } }],
      credentials: { user: 'ada', pass: 'x' },
      has_password: true,
      token: null,
      secret: '',
    }
    expect(found(asking(args)).map(({ at }) => at)).toEqual([
      '/action/arguments/a/0/login/otp',
      '/action/arguments/credentials',
    ])
  })
})

describe('by its form', () => {
  // Put together here, so that nobody's scanner takes them for real ones.
  const forms = [
    ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
    ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_'),
    ['xoxb', '123456789012-abcdefghijkl'].join('-'),
    ['sk_live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_'),
    ['sk', 'ant-api03-abcdefghijklmnopqrstuvwx'].join('-'),
    ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJl'].join('.'),
    ['-----BEGIN RSA PRIVATE KEY', 'MIIE\nabc', 'END RSA PRIVATE KEY-----'].join('-----'),
  ]
  test.each(forms)('%s', (secret) => {
    const seen = shown(
      opened({ masked: found(asking({ text: `use ${secret} now` })) }, asking({ text: `use ${secret} now` })),
    )
    expect(seen.action.arguments).toEqual({ text: 'use ⟨hidden⟩ now' })
  })

  test.each([
    ['postgres://app:hunter2@db/orders', 'postgres://app:⟨hidden⟩@db/orders'],
    ['curl -H "Authorization: Bearer abcdefghijklmnop1234"', 'curl -H "Authorization: Bearer ⟨hidden⟩"'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=⟨hidden⟩ psql'],
    ['https://x.example/?a=1&token=abc123&b=2', 'https://x.example/?a=1&token=⟨hidden⟩&b=2'],
    ['{"api_key": "k-1234"}', '{"api_key": "⟨hidden⟩"}'],
    ['mysql --password hunter2 -u root', 'mysql --password ⟨hidden⟩ -u root'],
  ])('of %s only the secret', (text, seen) => {
    const request = asking({ text }, { summary: text, justification: text })
    const { action } = shown(opened({ masked: found(request) }, request))
    expect(action).toMatchObject({ arguments: { text: seen }, summary: seen, justification: seen })
  })

  test('wherever it stands', () => {
    const secret = forms[1]!
    const request: Partial<Request> = {
      ...asking({ [secret]: 1 }),
      before: { list: [secret] },
      metadata: { note: `see ${secret}` },
      state: secret,
      subject: { type: 'order', id: secret, url: `https://shop.example/${secret}` },
      links: [{ title: 'Log', url: `https://log.example/?q=${secret}` }],
    }
    const seen = shown(opened({ masked: found(request) }, request))
    expect(JSON.stringify({ ...seen, plan: null })).not.toContain(secret)
    expect(seen.links[0]?.url).toBe('https://log.example/⟨hidden⟩')
    expect(seen.metadata).toEqual({ note: 'see ⟨hidden⟩' })
  })
})

test('where the name of a field is a secret to the policy, so is all that stands beside it', () => {
  const names: SecretFinder = {
    ...builtInSecrets,
    spansIn: (text) => (['title', 'type'].includes(text) ? [[0, text.length]] : []),
  }
  const request: Partial<Request> = {
    subject: { type: 'order', id: 'order of Ada', url: 'https://shop.example/ada' },
    links: [{ title: 'the log of Ada', url: 'https://log.example/ada' }],
  }
  const { subject, links } = shown(opened({ masked: findMasks(requestOf(request), names) }, request))
  const hidden = '⟨hidden⟩'
  expect(subject).toEqual({ type: hidden, id: hidden, url: 'https://shop.example/⟨hidden⟩' })
  expect(links).toEqual([{ title: hidden, url: 'https://log.example/⟨hidden⟩' }])
})

test('where there are too many to be kept, all of the part is hidden', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`token${i}`, { password: i }]))
  expect(found(asking(many))).toEqual([{ at: '/action/arguments', spans: null }])
})

test('what is hidden cannot be told from what somebody writes in its place, save by its brackets', () => {
  const request = asking({ password: 'x', note: '⟨hidden⟩' })
  const { action } = shown(opened({ masked: found(request) }, request))
  expect(action.arguments).toEqual({ password: '⟨hidden⟩', note: '⟨U+27E8⟩hidden⟨U+27E9⟩' })
})

test('what is not worth making visible is counted', () => {
  const request = asking({ text: 'x'.repeat(5_000), list: Array.from({ length: 500 }, (_, i) => i) })
  const { action } = shown(opened({}, request), { characters: 100, entries: 10 })
  expect(action.arguments).toEqual({
    text: `${'x'.repeat(100)}⟨4900 more⟩`,
    list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, '⟨490 more⟩'],
  })
})

test('a name with slashes and tildes finds its place', () => {
  const request = asking({ 'a/b~c': { password: 'x' } })
  expect(masker(found(request)).object('/action/arguments', request.action!.arguments)).toEqual({
    'a/b~c': { password: '⟨hidden⟩' },
  })
})

describe('once it was edited', () => {
  const args = { host: 'db-1', login: { user: 'ada', password: 'hunter-22' }, note: 'of 2026' }
  const secret = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_')
  const first = opened(
    { masked: found(asking(args)), editable: ['host', 'login', 'note', 'url'] },
    asking(args),
  )
  const edited = (becomes: JsonObject): Approval => {
    const masked = findMasksOfEdit(first, becomes, builtInSecrets)
    const by = { slack_user_id: 'U_BOB', name: 'Bob' }
    const made = {
      arguments: becomes,
      digest: 'sha256 of it',
      by,
      note: `for ${secret}`,
      at: first.created_at,
    }
    return { ...first, plan: { ...first.plan, masked }, edited: made }
  }
  const second = edited({ ...args, host: 'db-2', url: `https://ada:hunter-23@db-2` })

  test('what was hidden stays so, as it was asked for and as it became, and what came with the edit is hidden too', () => {
    const seen = shown(second)
    expect(seen.action.arguments).toEqual({ ...args, login: { user: 'ada', password: '⟨hidden⟩' } })
    expect(seen.edited).toMatchObject({
      arguments: {
        host: 'db-2',
        login: { user: 'ada', password: '⟨hidden⟩' },
        note: 'of 2026',
        url: 'https://ada:⟨hidden⟩@db-2',
      },
      note: 'for ⟨hidden⟩',
    })
    const third = {
      ...second,
      plan: { ...second.plan, masked: findMasksOfEdit(second, args, builtInSecrets) },
    }
    expect(third.plan.masked.map(({ at }) => at)).toEqual([
      '/action/arguments/login/password',
      '/edited/arguments/login/password',
      '/edited/arguments/url',
    ])
  })

  test('nobody can change an argument in which something is hidden', () => {
    expect(editableKeys(first)).toEqual(['host', 'note', 'url'])
    expect(editableKeys(second)).toEqual(['host', 'note'])
    const only = opened({ masked: found(asking(args)), editable: ['login'] }, asking(args))
    expect(canBeEdited({ ...only, plan: { ...only.plan, allowed_decisions: ['edit', 'reject'] } })).toBe(
      false,
    )
    const whole = { ...first, plan: { ...first.plan, masked: [{ at: '/action/arguments', spans: null }] } }
    expect(editableKeys(whole)).toEqual([])
  })

  test('what changed is told without it, also where a secret lies above what changed', () => {
    const becomes = { ...args, url: `https://ada:hunter-23@db-2`, auth: { token: { a: 1 } } }
    const told = maskedChanges(difference(args, becomes), edited(becomes).plan.masked)
    expect(told).toEqual([
      { path: '/url', to: 'https://ada:⟨hidden⟩@db-2' },
      { path: '/auth', to: { token: '⟨hidden⟩' } },
    ])
    const masks = [{ at: '/edited/arguments/auth/token', spans: null }]
    expect(maskedChanges([{ path: '/auth/token/a', from: 1, to: 2 }], masks)).toEqual([
      { path: '/auth/token', from: '⟨hidden⟩', to: '⟨hidden⟩' },
    ])
  })
})
