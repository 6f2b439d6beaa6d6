import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { Webhook } from 'standardwebhooks'
import { createAgent, type TestAgent } from '../desk/agent.ts'
import { askToBeDenied, lastTry, moveTo } from '../desk/callbacks.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let old: TestAgent
beforeEach(async () => {
  desk = await openDesk()
  old = await desk.agent('rotated-bot')
})
afterEach(() => desk.close())

type Shown = { name: string; api_key: string; callback_secret: string; old_until: string }

async function rotate(...options: string[]): Promise<TestAgent & { old_until: string }> {
  const said = await commandLine(desk, 'agent', 'rotate', old.name, ...options, '--json')
  expect(said.code).toBe(0)
  const shown = said.json as Shown
  return { ...createAgent(desk.app.url, shown), old_until: shown.old_until }
}

const works = async (agent: TestAgent) => (await agent.send('GET', '/v1/approvals')).status === 200

/** Asks, and says which of the agents' secrets the callback was signed with, in the order of its signatures. */
async function signers(asking: TestAgent, known: Record<string, TestAgent>): Promise<string[]> {
  await askToBeDenied(asking, desk.receiver.url)
  await desk.settle()
  return signersOf(desk.receiver.received.length, known)
}

async function signersOf(nth: number, known: Record<string, TestAgent>): Promise<string[]> {
  const { headers, body } = await desk.receiver.nth(nth)
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000)
  const bySignature = new Map(
    Object.entries(known).map(([name, { callback_secret }]) => [
      new Webhook(callback_secret).sign(String(headers['webhook-id']), at, body),
      name,
    ]),
  )
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => bySignature.get(signature) ?? 'nobody')
}

test('for a day the old and the new key both work and callbacks carry both signatures; then only the new', async () => {
  expect(await signers(old, { old })).toEqual(['old'])
  const renewed = await rotate()
  const known = { old, renewed }
  expect(renewed.old_until).toBe('2026-03-03T10:00:00.000Z')
  expect(await signers(old, known)).toEqual(['renewed', 'old'])
  expect(await signers(renewed, known)).toEqual(['renewed', 'old'])

  await moveTo(desk, renewed.old_until, -1)
  expect(await works(old)).toBe(true)
  expect(await signers(renewed, known)).toEqual(['renewed', 'old'])

  await moveTo(desk, renewed.old_until)
  expect(await works(old)).toBe(false)
  expect(await works(renewed)).toBe(true)
  expect(await signers(renewed, known)).toEqual(['renewed'])
})

test('a callback that was due before is signed with what is good at each try', async () => {
  desk.receiver.answer((res) => void res.writeHead(500).end())
  const id = await askToBeDenied(old, desk.receiver.url)
  await desk.settle()
  const known = { old, renewed: await rotate('--overlap', '15s') }
  for (const expected of [['renewed', 'old'], ['renewed']]) {
    await moveTo(desk, (await lastTry(desk, id)).data.next_at)
    expect(await signersOf(desk.receiver.received.length, known)).toEqual(expected)
  }
})

test('an overlap of 0 ends the old at once, also what an earlier rotation had left', async () => {
  const second = await rotate('--overlap', '2d')
  const third = await rotate('--overlap', '0')
  expect(await works(old)).toBe(false)
  expect(await works(second)).toBe(false)
  expect(await signers(third, { old, second, third })).toEqual(['third'])
})

test('a later rotation does not prolong what an earlier one has ended', async () => {
  const second = await rotate('--overlap', '1h')
  const third = await rotate('--overlap', '2d')
  await desk.advance('1h')
  expect(await works(old)).toBe(false)
  expect(await works(second)).toBe(true)
  expect(await signers(third, { old, second, third })).toEqual(['third', 'second'])
})

test('rotated four times at once, one of the four new keys is left after the overlap', async () => {
  const renewed = await Promise.all(
    Array.from({ length: 4 }, () =>
      desk.app.ground.admin.rotateAgent({ name: old.name, overlap: null }, { type: 'operator' }),
    ),
  )
  await desk.advance('25h')
  const agents = renewed.map((shown) => {
    if ('refused' in shown) throw new Error(shown.refused)
    return createAgent(desk.app.url, shown)
  })
  const left = (await Promise.all(agents.map(works))).filter(Boolean)
  expect(left).toHaveLength(1)
})

test('who rotated is in the audit, and no secret is anywhere in the database', async () => {
  const renewed = await rotate('--overlap', '2h')
  const client = new Client({ connectionString: desk.database_url })
  await client.connect()
  const { rows } = await client.query<{ body: string }>(`select body from event where type = 'agent.rotated'`)
  const kept = await client.query(
    'select (select json_agg(s) from callback_secret s), (select json_agg(k) from api_key k)',
  )
  await client.end()

  expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    {
      approval_id: null,
      actor: { type: 'operator' },
      data: { name: 'rotated-bot', old_until: '2026-03-02T12:00:00.000Z' },
    },
  ])
  for (const secret of [old.api_key, old.callback_secret, renewed.api_key, renewed.callback_secret])
    expect(JSON.stringify([rows, kept.rows])).not.toContain(secret.replace(/^(whsec_|csk_)/, ''))
})

test('an overlap that is none, and an agent that is not there, are refused', async () => {
  for (const overlap of ['soon', '-1h', '0s', '400d'])
    expect(await commandLine(desk, 'agent', 'rotate', old.name, `--overlap=${overlap}`)).toMatchObject({
      code: 1,
      lines: [expect.stringContaining(`not ${overlap}`)],
    })
  expect(await commandLine(desk, 'agent', 'rotate', 'nobody')).toMatchObject({
    code: 1,
    lines: ['There is no agent called nobody'],
  })
  expect(await works(old)).toBe(true)
})
