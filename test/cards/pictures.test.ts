import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { card } from '../../src/slack/views/card.ts'
import { heightOf } from '../slack/seen.ts'
import { openBoard, type Board } from './board.ts'
import { gathered, gatheredList } from './floods.ts'
import { homes } from './homes.ts'
import { modals as aboutOne } from './modals.ts'
import { now, people, scenes, type Scene } from './scenes.ts'

// Every state of the card and every modal about a request, drawn by the sandbox in a real browser. With PICTURES=1 they are
// kept in docs/cards, to be looked at.

const folder = 'docs/cards'
const modals = [...aboutOne, gatheredList]
const asksOnceMore = { name: 'critical-confirm', shows: 'Critical risk asks once more' }
const onPhone = scenes.filter(({ name }) => ['waiting', 'critical'].includes(name))
const gatheredOnPhone = { name: 'flood-phone', shows: `${gathered.shows}, on a phone` }
const homesOnPhone = homes.filter(({ name }) => name === 'home')
const pictures = [
  ...scenes,
  ...onPhone.map(({ name, shows }) => ({ name: `${name}-phone`, shows: `${shows}, on a phone` })),
  gathered,
  gatheredOnPhone,
  asksOnceMore,
  ...modals.map(({ name, shows }) => ({ name: `modal-${name}`, shows })),
  ...homes,
  ...homesOnPhone.map(({ name, shows }) => ({ name: `${name}-phone`, shows: `${shows}, on a phone` })),
]

async function keep(name: string, picture: Buffer) {
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  if (process.env.PICTURES) await writeFile(join(folder, `${name}.png`), picture)
}

let board: Board
afterEach(async () => {
  expect(board.reported).toEqual([])
  expect(board.desk.sandbox.snapshot().complaints).toEqual([])
})

function opens(width: number) {
  beforeAll(async () => {
    board = await openBoard(now, { width })
  }, 60_000)
  afterAll(() => board?.close())
}

async function draw({ name, approval, stage, earlier }: Scene, suffix = '') {
  const drawn = card(approval, stage, people, null, earlier)
  await keep(`${name}${suffix}`, await board.card(drawn))
  expect(heightOf(drawn.blocks)).toBeLessThan(60)
}

describe('on a desktop', () => {
  opens(820)
  test.each(scenes)('$shows', (scene) => draw(scene))
  test(gathered.shows, async () => keep(gathered.name, await board.card(gathered.card)))
  test(asksOnceMore.shows, async () => {
    const critical = scenes.find(({ name }) => name === 'critical')!
    await board.card(card(critical.approval, critical.stage, people, null, null))
    await board.page
      .getByRole('button', { name: /^Approve/ })
      .last()
      .click()
    const dialog = board.page.locator('.dialog')
    await keep(asksOnceMore.name, await dialog.screenshot())
    await dialog.getByRole('button', { name: 'Back' }).click()
  })
  test.each(homes)('$shows', async ({ name, view }) => keep(name, await board.home(view)))
  test.each(modals)('$shows', async ({ name, view }) => keep(`modal-${name}`, await board.modal(view)))
})

describe('on a phone', () => {
  opens(390)
  test.each(onPhone)('$shows', (scene) => draw(scene, '-phone'))
  test(gatheredOnPhone.shows, async () => keep(gatheredOnPhone.name, await board.card(gathered.card)))
  test.each(homesOnPhone)('$shows', async ({ name, view }) => keep(`${name}-phone`, await board.home(view)))
})

test('each has its picture in the documents, and no picture is of something else', async () => {
  const page = join(folder, 'README.md')
  if (process.env.PICTURES) await writeFile(page, gallery())
  const kept = readdirSync(folder).filter((name) => name.endsWith('.png'))
  expect(kept.sort()).toEqual(pictures.map(({ name }) => `${name}.png`).sort())
  expect(readFileSync(page, 'utf8')).toBe(gallery())
})

function gallery(): string {
  return [
    '# What people see in Slack',
    'Drawn by the sandbox in a browser, for Bob in Berlin. `PICTURES=1 npm run jest -- test/cards` draws all of them anew.',
    ...pictures.map(({ name, shows }) => `## ${shows}\n\n![${shows}](${name}.png)`),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}
