import { sign, verify } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createSeal } from '../../src/platform/seal.ts'
import { newSigningKey, openPrivate, readPublic } from '../../src/platform/signing-key.ts'
import { signingKey } from '../../src/store/signing-keys.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

const seal = createSeal(Buffer.alloc(32, 7))
const text = Buffer.from('what is signed')

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const current = () =>
  signingKey(desk.app.ground.database, 'checkpoint', desk.clock.now, () => newSigningKey(seal))

test('replicas that need a key at once make one, and what it signs is checked with its public part', async () => {
  const keys = await Promise.all([current(), current(), current()])
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1)
  const [key] = keys
  expect(verify(null, text, readPublic(key.public), sign(null, text, openPrivate(seal, key)))).toBe(true)
  expect(() => openPrivate(createSeal(Buffer.alloc(32, 8)), key)).toThrow()
})

test('a rotated key signs nothing more, and its public part stays', async () => {
  const before = await current()
  const { json } = await commandLine(desk, 'key', 'rotate', 'checkpoint', '--json')
  const after = await current()
  expect(json).toEqual({ purpose: 'checkpoint', kid: after.kid, public: after.public })
  expect(after.kid).not.toBe(before.kid)
  const listed = await commandLine(desk, 'key', 'list', '--json')
  const ofCheckpoints = (listed.json as { purpose: string }[]).filter(
    ({ purpose }) => purpose === 'checkpoint',
  )
  expect(ofCheckpoints).toEqual([
    expect.objectContaining({ kid: after.kid, retired_at: null }),
    expect.objectContaining({ kid: before.kid, retired_at: desk.clock.now().toISOString() }),
  ])
  const { rows } = await desk.app.ground.database.pool.query<{ body: string }>(
    `select body from event where type = 'key.rotated'`,
  )
  expect(JSON.parse(rows[0]!.body)).toMatchObject({
    actor: { type: 'operator' },
    data: { purpose: 'checkpoint', kid: after.kid, public: after.public, old_kid: before.kid },
  })
})

test('there are no keys for what nobody signs', async () => {
  const { code, lines } = await commandLine(desk, 'key', 'rotate', 'house')
  expect({ code, lines }).toEqual({
    code: 1,
    lines: ['There are keys for checkpoint and permit, and none for house'],
  })
})
