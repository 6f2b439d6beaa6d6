import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
