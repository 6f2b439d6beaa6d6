import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { bot_token, plain, plainApp, setting } from './setting.ts'
import type { PlainApp, Setting } from './setting.ts'

let app: PlainApp
let desk: Setting
beforeEach(async () => {
  app = await plainApp()
  desk = await setting({ app_url: () => app.url })
  desk.sandbox.edit.setScopes(['commands', 'chat:write', 'files:read'])
})
afterEach(async () => {
  await desk.close()
  await app.close()
})

const form = {
  type: 'modal',
  callback_id: 'upload',
  title: plain('Upload'),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input',
      block_id: 'file',
      label: plain('The file'),
      element: { type: 'file_input', action_id: 'file', filetypes: ['yaml', 'json'], max_files: 1 },
    },
  ],
}

/** A form that is open before Bob. */
async function open() {
  const typing = desk.sandbox.act({
    do: 'command',
    as: 'U_BOB',
    channel: 'C_FINANCE',
    command: '/countersign',
    text: '',
  })
  const { trigger_id } = (await app.next()).payload
  await typing
  return desk.call('views.open', { trigger_id, view: form })
}

async function submit(files: { id: string }[]) {
  const [view] = desk.sandbox.snapshot().modals
  const values = { file: { file: { type: 'file_input', files } } }
  return desk.sandbox.act({ do: 'submit', as: 'U_BOB', view_id: view?.id ?? '', values })
}

function upload(as: string, name: string, text = 'admins: []\n'): { id: string } {
  const { file } = desk.sandbox.upload(as, name, Buffer.from(text))
  if (!file) throw new Error(`${name} was not taken`)
  return file
}

test('what a person puts into a form is the app’s to read once the form is sent, and by its token alone', async () => {
  await open()
  const { id } = upload('U_BOB', 'Policy.YAML')
  expect(await desk.call('files.info', { file: id })).toEqual({ ok: false, error: 'file_not_found' })
  expect(await submit([{ id }])).toMatchObject({ ok: true })
  const sent = { id, name: 'Policy.YAML', size: 11, filetype: 'yaml', user: 'U_BOB' }
  expect((await app.next()).payload).toMatchObject({
    view: { state: { values: { file: { file: { files: [sent] } } } } },
  })

  const { file } = await desk.client.files.info({ file: id })
  const address = file?.url_private_download ?? ''
  const get = (token: string) =>
    fetch(address, { headers: { authorization: `Bearer ${token}` }, redirect: 'manual' })
  expect(await (await get(bot_token)).text()).toBe('admins: []\n')
  expect((await get('xoxb-another')).status).toBe(302)
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(302)
  desk.sandbox.edit.setScopes(['commands'])
  expect((await get(bot_token)).status).toBe(302)
})

test('nothing is sent with another person’s file, too many, one of another type, or one that is not there', async () => {
  await open()
  const [mine, more] = [upload('U_BOB', 'a.yaml'), upload('U_BOB', 'b.json')]
  for (const files of [
    [upload('U_ERIN', 'c.yaml')],
    [mine, more],
    [upload('U_BOB', 'd.pdf')],
    [{ id: 'F_NONE' }],
    [],
  ])
    expect(await submit(files)).toEqual({ ok: false, errors: { file: expect.any(String) } })
  expect(await desk.call('files.info', { file: mine.id })).toMatchObject({ ok: false })
  expect(await desk.call('files.completeUploadExternal', { files: [mine] })).toMatchObject({ ok: false })
  expect(desk.sandbox.upload('U_BOB', 'empty.yaml', Buffer.alloc(0))).toMatchObject({ ok: false })
  expect(desk.sandbox.upload('U_BOB', 'huge.yaml', Buffer.alloc(10_000_001))).toMatchObject({ ok: false })
  expect(app.received).toHaveLength(1)
})

test('without files:read there is no such form', async () => {
  desk.sandbox.edit.setScopes(['commands'])
  expect(await open()).toMatchObject({ ok: false, error: 'missing_scope', needed: 'files:read' })
})

test('the page uploads over HTTP', async () => {
  const response = await fetch(`${desk.url}attach/U_BOB?name=policy.yaml`, {
    method: 'POST',
    body: 'admins: []',
  })
  expect(await response.json()).toMatchObject({ ok: true, file: { name: 'policy.yaml', size: 10 } })
})
