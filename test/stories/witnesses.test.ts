import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readNote } from '../../src/audit/log/note.ts'
import { readWitnessed } from '../../src/audit/verify/witness.ts'
import type { TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { verifyWithBoth } from '../audit/both-verifiers.ts'

// What the audit log was, is known to others: to agents, to a channel in Slack, to whoever keeps a file.

let desk: Desk
let agent: TestAgent
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-witness-'))
  desk = await openDesk({ checkpoints: { channel: 'C_GENERAL', file: join(folder, 'checkpoints') } })
  agent = await desk.agent('refund-bot')
})
afterAll(async () => {
  await desk.close()
  await rm(folder, { recursive: true })
})

const shown = () =>
  desk.slack.sandbox
    .snapshot()
    .messages.filter(({ metadata }) => metadata?.event_type === 'countersign_checkpoint')

/** Lets hours go by until all that happened, also by the passing of time, is sealed and shown. */
async function calm(): Promise<number> {
  for (let count = -1; count !== shown().length;) {
    count = shown().length
    await desk.advance('2h')
    await desk.advance('2h')
  }
  return shown().length
}

test('what happened is sealed, shown in the channel every hour in which it grew, and added to the file', async () => {
  await agent.ask({ tool: 'deploy' })
  // What is sealed and what is shown in the same moment may come in either order.
  await desk.advance('1m')
  await desk.advance('1h')
  const [first] = shown()
  expect(first).toMatchObject({
    channel: 'C_GENERAL',
    text: expect.stringMatching(/^Checkpoint of the audit log: \d+ events/),
  })
  const [note] = readWitnessed(JSON.stringify(first?.blocks).replaceAll('\\n', '\n').replaceAll('"', '\n'))
  expect(note?.size).toBeGreaterThan(1)

  // Where nothing happens, nothing is shown anew.
  const quiet = await calm()
  await desk.advance('1h')
  await desk.advance('1h')
  expect(shown()).toHaveLength(quiet)

  await agent.ask({ tool: 'deploy' })
  expect(await calm()).toBeGreaterThan(quiet)
  const kept = readWitnessed(await readFile(join(folder, 'checkpoints'), 'utf8'))
  expect(kept.map(({ size }) => size)).toEqual(kept.map(({ size }) => size).toSorted((a, b) => a - b))
  expect(kept.map(({ text }) => text)).toContain(note?.text)
})

test('a checkpoint that Slack does not take is shown once it does, and once', async () => {
  const before = await calm()
  const fault = desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'chat.postMessage' })
  await agent.ask({ tool: 'deploy' })
  await desk.advance('1h')
  expect(shown()).toHaveLength(before)
  desk.slack.sandbox.clearFaults(fault)
  expect(await calm()).toBeGreaterThan(before)
  const after = shown().map(({ metadata }) => metadata?.event_payload['shown_before'])
  expect(new Set(after).size).toBe(after.length)
})

test('a callback brings the newest checkpoint, and the export agrees with it and with the file', async () => {
  const { id } = await agent.ask({ tool: 'deploy' }, { callback: { url: desk.receiver.url } })
  await desk.advance('5m')
  await desk.click('U_CAROL', 'approve', await desk.card(id))
  await desk.settle()
  const { headers } = await desk.receiver.nth(1)
  const header = String(headers['countersign-checkpoint'])
  expect(readNote(Buffer.from(header, 'base64').toString('utf8'))?.size).toBeGreaterThan(1)

  const file = join(folder, 'export.ndjson')
  expect(await commandLine(desk, 'audit', 'export', '--out', file)).toMatchObject({ code: 0 })
  for (const checkpoint of [header, await readFile(join(folder, 'checkpoints'), 'utf8')]) {
    const { ours, second } = await verifyWithBoth(file, { checkpoint })
    expect(ours).toMatchObject({ ok: true, unreached: 0, unsealed: 0 })
    expect(second).toEqual(ours)
  }
  const verified = await commandLine(
    desk,
    'audit',
    'verify',
    file,
    '--checkpoint',
    join(folder, 'checkpoints'),
  )
  expect(verified.code).toBe(0)
  const [key = ''] = (await commandLine(desk, 'audit', 'keys')).lines
  expect(await verifyWithBoth(file, { key })).toMatchObject({ ours: { ok: true }, second: { ok: true } })
  expect(verified.lines[0]).toMatch(/^Good: \d+ events of \d+ approvals are as they were written/)
})

test('the role that the app runs as can add events, and neither change nor delete them', async () => {
  const { pool } = desk.app.ground.database
  for (const statement of [
    'update event set type = type',
    'delete from event',
    'truncate event',
    'delete from checkpoint',
    'truncate log_tile',
    'alter table event disable trigger all',
  ])
    await expect(pool.query(statement)).rejects.toThrow(/permission denied|must be owner/)
})

test('what is bad is named by its line, its event, and its approval where that is known', async () => {
  const lines = (await readFile(join(folder, 'export.ndjson'), 'utf8')).split('\n')
  const at = lines.findIndex((line) => line.includes('"approval_id":"apr_'))
  const event = JSON.parse(lines[at]!) as {
    id: number
    leaf: number
    leaf_hash: string
    approval_id: string
    body: string
  }
  const { id, leaf, leaf_hash, approval_id } = event
  const verdict = async (other: object) => {
    const file = join(folder, 'bad.ndjson')
    await writeFile(file, lines.with(at, JSON.stringify(other)).join('\n'))
    return (await commandLine(desk, 'audit', 'verify', file)).lines
  }
  expect(await verdict({ ...event, body: event.body.replace('"at":', '"at" :') })).toEqual([
    expect.stringMatching(`^BAD at line ${at + 1}, event ${id} of ${approval_id}: its hash is not`),
  ])
  expect(await verdict({ kind: 'missing', leaf, id, leaf_hash })).toEqual([
    expect.stringMatching(`^BAD at line ${at + 1}, event ${id}: it was sealed into the log, and is gone`),
  ])
})

test('what is typed wrong is named, and nothing is written', async () => {
  const said = async (...words: string[]) => (await commandLine(desk, 'audit', ...words)).lines.join('\n')
  expect(await said('export', '--since', 'yesterday')).toMatch(/^since is a day/)
  expect(await said('export', '--since', '2026-02-30')).toMatch(/^since is a day/)
  expect(await said('export', '--since', '1h', '--until', '2h')).toBe('since must come before until')
  expect(await said('export', '--out', join(folder, 'not', 'there'))).toMatch(/cannot be written: ENOENT/)
  expect(await said('verify', join(folder, 'absent'))).toMatch(/cannot be read: ENOENT/)
  expect(await said('verify', join(folder, 'export.ndjson'), '--checkpoint', 'nothing')).toMatch(
    /There is no checkpoint/,
  )
  expect(await said('verify', join(folder, 'export.ndjson'), '--key', 'nothing')).toMatch(/^The key is one/)
  const bad = await commandLine(desk, 'audit', 'verify', join(folder, 'checkpoints'))
  expect(bad).toMatchObject({ code: 1, lines: ['BAD at line 1: it is not a JSON object'] })
})
