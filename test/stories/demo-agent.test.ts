import { afterAll, beforeAll, expect, test } from '@jest/globals'
import express from 'express'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { signedHeaders } from '../../src/callback/index.ts'
import { demoHooks, demoServer } from '../../src/demo-agent.ts'
import { welcome } from '../../src/welcome.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// What a newcomer is told to paste works, whatever became of the file that the demo agent's key is kept in.

let desk: Desk
let path: string
beforeAll(async () => {
  desk = await openDesk()
  path = join(desk.app.ground.data_dir, 'demo-agent.json')
})
afterAll(() => desk.close())

async function keyShown(): Promise<string> {
  const words = await welcome(desk.app)
  return /Bearer (csk_[A-Za-z0-9_-]+)/.exec(words)?.[1] ?? words
}

/** The agent that this key opens the door to. */
const ownerOf = async (key: string) => (await desk.app.ground.flow.agents.authenticate(key))?.name

test('the first start makes a demo agent, and the next ones show the same key', async () => {
  const key = await keyShown()
  expect(await ownerOf(key)).toBe('demo-agent')
  expect(await keyShown()).toBe(key)
})

test.each([
  ['cut in half', async () => (await readFile(path, 'utf8')).slice(0, 40)],
  ['empty', async () => ''],
  ['of something else', async () => '{"name": "demo-agent"}'],
  ['of a database that is gone', async () => JSON.stringify({ api_key: `csk_${'x'.repeat(43)}` })],
])('a file that is %s is written anew, with the key of another demo agent', async (_, damaged) => {
  const before = await ownerOf(await keyShown())
  await writeFile(path, await damaged())

  const key = await keyShown()

  expect(await ownerOf(key)).toMatch(/^demo-agent-[2-5]$/)
  expect(await ownerOf(key)).not.toBe(before)
  expect(await keyShown()).toBe(key)
})

test('a folder that is not there yet, as with a database elsewhere, is made', async () => {
  await rm(desk.app.ground.data_dir, { recursive: true })
  expect(await ownerOf(await keyShown())).toMatch(/^demo-agent/)
})

test.each([
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/demo-agent/hooks'],
  ['http://[::1]:3000', 'http://[::1]:3000/demo-agent/hooks'],
  ['http://0.0.0.0:3000', 'http://127.0.0.1:3000/demo-agent/hooks'],
  ['http://[::]:3000', 'http://[::1]:3000/demo-agent/hooks'],
  ['http://192.168.1.5:3000', null],
])('an app at %s calls it back at %s', (url, hooks) => {
  expect(demoHooks(url)).toBe(hooks)
})

test('it says nothing of what was not signed for it', async () => {
  await keyShown()
  const said: string[] = []
  const server = express()
    .use(demoServer(desk.app.ground, (line) => said.push(line)))
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`http://127.0.0.1:${port}/demo-agent/hooks`, { method: 'POST', headers, body })
  const body = JSON.stringify({ type: 'approval.approved', data: { id: 'apr_01m82pjbf3wqvf09btw7bz09q8' } })
  const sign = (secret: string) => signedHeaders({ id: 'msg_1', body, secrets: [secret], at: new Date() })
  const { callback_secret } = JSON.parse(await readFile(path, 'utf8')) as { callback_secret: string }

  expect((await post({}, body)).status).toBe(401)
  expect((await post(sign(`whsec_${Buffer.alloc(32).toString('base64')}`), body)).status).toBe(401)
  expect((await post(sign(callback_secret), body.replace('approved', 'rejected'))).status).toBe(401)
  expect(said).toEqual([])
  expect((await post(sign(callback_secret), body)).status).toBe(204)
  expect(said).toEqual([expect.stringMatching(/was told: approval.approved of apr_01m8/)])
  server.close()
})
