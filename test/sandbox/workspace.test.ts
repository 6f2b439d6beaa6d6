import { mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { WaitEnded } from '../../src/sandbox/index.ts'
import { button, movedClock, plainApp, setting } from './setting.ts'

describe('a workspace that is kept in a file', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  test('is found again after a restart, with its cards, people, Homes and pictures', async () => {
    const file = join(folder, 'deep', 'workspace.json')
    const clock = movedClock()
    const before = await setting({ file, clock })
    const blocks = button('approve')
    const metadata = { event_type: 'card', event_payload: { id: 'apr_1' } }
    const { ts = '' } = await before.client.chat.postMessage({
      channel: 'C_DATA',
      text: 'A card',
      blocks,
      metadata,
    })
    await before.client.chat.postMessage({ channel: 'U_BOB', text: 'Psst' })
    await before.client.views.publish({ user_id: 'U_BOB', view: { type: 'home', blocks } })
    await before.client.files.uploadV2({ channel_id: 'C_DATA', file: Buffer.from('png'), filename: 'a.png' })
    before.sandbox.edit.setGroup('S_FINANCE', ['U_CAROL'])
    before.sandbox.edit.archive('C_GENERAL')
    const left = before.sandbox.snapshot()
    await before.close()

    const app = await plainApp()
    const after = await setting({ file, clock, app_url: () => app.url })
    expect(after.sandbox.snapshot()).toEqual({ ...left, rev: expect.any(Number) })
    await after.sandbox.act({ do: 'click', as: 'U_BOB', channel: 'C_DATA', ts, action_id: 'approve' })
    expect((await app.next()).payload).toMatchObject({ message: { ts, metadata } })
    const next = await after.client.chat.postMessage({ channel: 'C_DATA', text: 'Next' })
    expect(Number(next.ts)).toBeGreaterThan(Number(left.messages.at(-1)?.ts))
    const picture = after.sandbox.snapshot().messages.flatMap(({ files = [] }) => files)[0]
    const served = await fetch(new URL(picture?.url ?? '', after.url))
    expect(await served.text()).toBe('png')
    await after.close()
    await app.close()
  })

  test('is written while it runs, so that a killed process loses little', async () => {
    const file = join(folder, 'workspace.json')
    const desk = await setting({ file })
    const writes = watch(folder)
    await desk.client.chat.postMessage({ channel: 'C_DATA', text: 'A card' })
    for await (const { filename } of writes) if (filename === 'workspace.json') break
    expect(await readFile(file, 'utf8')).toContain('A card')
    await desk.close()
  })

  test('is not thrown away where the file is something else', async () => {
    const file = join(folder, 'workspace.json')
    await writeFile(file, '{"version": 7}')
    await expect(setting({ file })).rejects.toThrow(`${file} is not a sandbox workspace`)
  })
})

test('a picture is uploaded in steps, shared in a channel and served to the page, never to be run', async () => {
  const desk = await setting()
  await desk.client.files.uploadV2({
    channel_id: 'C_DATA',
    initial_comment: 'Last week',
    file_uploads: [
      { file: Buffer.from('png bytes'), filename: 'chart.png', title: 'Chart' },
      { file: Buffer.from('<script>'), filename: 'page.html', title: 'Page' },
    ],
  })
  const [message] = desk.sandbox.snapshot().messages
  expect(message).toMatchObject({ text: 'Last week', files: [{ title: 'Chart' }, { title: 'Page' }] })
  const [chart, page] = await Promise.all(
    (message?.files ?? []).map(({ url }) => fetch(new URL(url, desk.url))),
  )
  expect([chart?.headers.get('content-type'), await chart?.text()]).toEqual(['image/png', 'png bytes'])
  expect(page?.headers.get('content-type')).toBe('application/octet-stream')
  expect(page?.headers.get('content-disposition')).toBe('attachment')

  const announced = await desk.client.files.getUploadURLExternal({ filename: 'x.txt', length: 3 })
  const upload = (body: string) => fetch(announced.upload_url ?? '', { method: 'POST', body })
  expect((await upload('four')).status).toBe(400)
  expect(await desk.call('files.completeUploadExternal', { files: [{ id: announced.file_id }] })).toEqual({
    ok: false,
    error: 'file_not_found',
  })
  expect((await upload('abc')).status).toBe(200)
  await desk.client.files.completeUploadExternal({ files: [{ id: announced.file_id ?? '' }] })
  expect((await desk.client.files.info({ file: announced.file_id ?? '' })).file).toMatchObject({
    name: 'x.txt',
  })
  await desk.close()
})

test('a wait is woken by the change, ends with a story, and ends when the sandbox closes', async () => {
  const desk = await setting()
  const found = desk.sandbox.until(({ messages }) => messages.find(({ text }) => text === 'Hello')?.channel)
  await desk.client.chat.postMessage({ channel: 'C_DATA', text: 'Hello' })
  expect(await found).toBe('C_DATA')
  await expect(desk.sandbox.until(() => false, 1)).rejects.toThrow(
    /not seen within 1 ms; 1 messages, the last:\n.*Hello/,
  )
  await expect(
    desk.sandbox.until(() => {
      throw new TypeError('a mistake in the test')
    }),
  ).rejects.toThrow('a mistake in the test')
  const open = desk.sandbox.until(() => null)
  const ended = expect(open).rejects.toThrow(WaitEnded)
  await desk.close()
  await ended
})

test('the page’s stream tells of every change, and its state has the newest messages', async () => {
  const desk = await setting()
  const stream = await fetch(`${desk.url}stream`)
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  let told = ''
  const hears = async (rev: number) => {
    while (!told.includes(`{"rev":${rev}}`)) told += (await reader?.read())?.value ?? ''
  }
  await hears(desk.sandbox.snapshot().rev)
  for (let count = 0; count < 201; count += 1)
    await desk.call('chat.postMessage', { channel: 'C_DATA', text: `${count}` })
  await hears(desk.sandbox.snapshot().rev)
  const state: unknown = await (await fetch(`${desk.url}state`)).json()
  const newest = desk.sandbox.snapshot().messages.slice(1)
  expect(state).toMatchObject({ messages: newest })
  expect(desk.sandbox.snapshot().messages).toHaveLength(201)
  await reader?.cancel()
  await desk.close()
})
