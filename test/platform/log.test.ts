import { expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const program = `
import { openLog } from './src/quiet-log.ts'
const log = openLog('info')
const error = Object.assign(new Error('refused: password=hunter22 for bob'), { body: { arguments: { api_key: 'k-123456', amount: 240 } } })
log.warn({ err: error, request: { clientSecret: 's-1', list: [{ db_password: 'p-1' }] }, has_password: true }, 'with Bearer abcdefghijklmnop1234')
log.info({ token: 'xoxb-1234567890-abcdef' }, 'done')
`

test('what agents sent is logged without its secrets, by key and by form', async () => {
  const { stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module-typescript',
    '-e',
    program,
  ])
  const [first, second] = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, never>)
  expect(first).toMatchObject({
    level: 'warn',
    msg: 'with Bearer ⟨hidden⟩',
    request: { clientSecret: '⟨hidden⟩', list: [{ db_password: '⟨hidden⟩' }] },
    has_password: true,
    err: {
      type: 'Error',
      message: 'refused: password=⟨hidden⟩ for bob',
      body: { arguments: { api_key: '⟨hidden⟩', amount: 240 } },
    },
  })
  expect(second).toMatchObject({ msg: 'done' })
  for (const secret of ['hunter22', 'k-123456', 's-1', 'p-1', 'abcdefghijklmnop', 'xoxb'])
    expect(stderr).not.toContain(secret)
})
