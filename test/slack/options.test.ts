import { expect, test } from '@jest/globals'
import { readOptions } from '../../src/slack/commands/options.ts'

const act = {
  usage: '/countersign freeze [all | AGENT] [REASON]',
  about: '',
  options: ['agent', 'reason'],
  flags: ['all'],
  run: async () => ({ text: '' }),
}
const read = (text: string) => readOptions(text.split(' '), act)

test.each([
  ['refund-bot it went wild', { words: ['refund-bot', 'it', 'went', 'wild'], values: {} }],
  // As on the command line; a text goes on to the next option, as nobody quotes in a chat.
  [
    '--agent refund-bot --reason it went wild',
    { words: [], values: { agent: 'refund-bot', reason: 'it went wild' } },
  ],
  ['apr_1 --all', { words: ['apr_1'], values: { all: 'yes' } }],
  ['--reason=wild again', { words: [], values: { reason: 'wild again' } }],
  // Phones make one dash of two.
  ['—reason it went wild', { words: [], values: { reason: 'it went wild' } }],
  // A reason may quote a command, and a dash is a dash.
  ['all rm --force ran', { words: ['all', 'rm', '--force', 'ran'], values: {} }],
  ['all — keys leaked', { words: ['all', '—', 'keys', 'leaked'], values: {} }],
])('%s', (text, typed) => {
  expect(read(text)).toEqual(typed)
})

test('a near miss is answered with what was probably meant, and an option without a text with that', () => {
  expect(read('all --raeson keys leaked')).toEqual({
    wrong: expect.stringContaining('did you mean "--reason"?'),
  })
  expect(read('all --reason')).toEqual({ wrong: '--reason is followed by nothing' })
})
