import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { isSlackFile } from '../../src/slack/files.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openForm, shown, submit } from '../desk/policy-form.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

/** More rules than a form has room for. */
const long = `${storyPolicy}${Array.from(
  { length: 400 },
  (_, i) =>
    `  - name: rule-${i}\n    when: action.tool == "tool.${i}"\n    effect: deny\n    reason: Nobody needs it\n`,
).join('')}`

const put = (name: string, text: string | Buffer) => {
  const { file, error } = desk.slack.sandbox.upload('U_ALICE', name, Buffer.from(text))
  if (!file) throw new Error(error)
  return file
}
const filled = (file: { id: string } | null, note = 'a long one') => ({
  ...(file ? { file: { file: { type: 'file_input', files: [file] } } } : {}),
  note: { text: { type: 'plain_text_input', value: note } },
})

test('a file is reviewed and saved like what was typed, and edit asks for a file once it is too long', async () => {
  const form = await openForm(desk, 'U_ALICE', 'policy upload')
  expect(await submit(desk, 'U_ALICE', form, filled(put('policy.yaml', long)))).toMatchObject({ ok: true })
  expect(shown(desk, form)).toMatch(/policy\.yaml.*Nothing is saved yet.*1600 lines added, 0 removed/)
  await submit(desk, 'U_ALICE', form, filled(null))
  expect(shown(desk, form)).toContain('Version 2 counts from now on')
  const found = await desk.app.ground.admin.policyVersion(2)
  expect(found).toMatchObject({ document: long, author: 'U_ALICE', note: 'a long one' })

  expect(JSON.stringify(await openForm(desk, 'U_ALICE', 'policy edit'))).toContain('file_input')
})

test('a file shows its faults at the file, whatever is wrong with it', async () => {
  const form = await openForm(desk, 'U_ALICE', 'policy upload')
  for (const [name, content, words] of [
    ['a.yaml', 'admins: [U_ALICE]\nrules: [{name: x, effect: dney}]\n', /line 2, column \d+.*did you mean/],
    ['b.txt', Buffer.from([0xff, 0xfe, 0x00]), /not text in UTF-8/],
    ['c.json', Buffer.alloc(256 * 1024 + 1, 'x'), /larger than 256 KiB/],
  ] as const) {
    const { errors } = await submit(desk, 'U_ALICE', form, filled(put(name, content)))
    expect(errors?.['file']).toMatch(words)
  }
  desk.slack.sandbox.inject({ kind: 'http_error', status: 500, method: 'url_private', times: 1 })
  const refused = await submit(desk, 'U_ALICE', form, filled(put('d.yaml', storyPolicy)))
  expect(refused.errors?.['file']).toContain('did not hand the file out (status 500)')
  expect(await desk.app.ground.admin.policyVersion(2)).toHaveProperty('refused')
})

test('the bot’s token goes to the server of Slack’s files and to no other', () => {
  for (const [address, api, allowed] of [
    ['https://files.slack.com/files-pri/T1-F1/download/policy.yaml', undefined, true],
    ['https://files.slack-gov.com/files-pri/x', 'https://slack-gov.com/api/', true],
    ['http://127.0.0.1:3000/sandbox/files-pri/F1/x', 'http://127.0.0.1:3000/sandbox/api/', true],
    ['http://127.0.0.1:3001/files-pri/F1/x', 'http://127.0.0.1:3000/sandbox/api/', false],
    ['http://files.slack.com/files-pri/x', undefined, false],
    ['https://slack.com/files-pri/x', undefined, false],
    ['https://files.slack.com.evil.example/x', undefined, false],
    ['https://files.slack.com@evil.example/x', undefined, false],
    ['https://token@files.slack.com/x', undefined, false],
    ['', undefined, false],
  ] as const)
    expect([address, isSlackFile(address, api)]).toEqual([address, allowed])
})
