import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { card } from '../../src/slack/views/card.ts'
import { minute } from '../approval/given.ts'
import { openBoard, type Board } from './board.ts'
import { scenes, people } from './scenes.ts'

let board: Board
beforeAll(async () => {
  board = await openBoard(minute(9), { width: Number(process.env.WIDTH ?? 1000) })
}, 60_000)
afterAll(() => board?.close())

async function keep(name: string, picture: Buffer) {
  if (process.env.PICTURES) await writeFile(join(process.env.PICTURES, `${name}.png`), picture)
}

test.each(scenes)('$name', async ({ name, approval, stage }) => {
  await keep(name, await board.card(card(approval, stage, people, null)))
  expect(board.reported).toEqual([])
})
