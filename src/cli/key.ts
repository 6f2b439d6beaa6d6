import { refused, type Command } from './command.ts'

export const keyList: Command = {
  usage: 'key list',
  about: 'the public keys that others check our signatures with, also those that sign nothing more',
  options: [],
  words: { least: 0, most: 0 },
  async run({ admin }) {
    const keys = await admin.signingKeys()
    const lines = keys.map(({ purpose, kid, public: x, created_at, retired_at, ends_at }) => {
      const end = ends_at === null ? '' : `, checked until ${ends_at.toISOString()}`
      const until = retired_at === null ? 'signs' : `signed until ${retired_at.toISOString()}${end}`
      return `${purpose}  ${kid}  Ed25519 ${x}  since ${created_at.toISOString()}, ${until}`
    })
    return { ok: true, lines: lines.length > 0 ? lines : ['There are no keys yet.'], json: keys }
  },
}

export const keyRotate: Command = {
  usage: 'key rotate PURPOSE [--at-once]',
  about:
    'a new key signs from now on; the old public key stays, to check what it signed, but with --at-once (permits only)',
  options: [],
  flags: ['at-once'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [purpose = ''], values }) {
    const at_once = values['at-once'] === true
    const rotated = await admin.rotateKey({ purpose, at_once }, { type: 'operator' })
    if ('refused' in rotated) return refused(rotated.refused)
    return {
      ok: true,
      lines: [`${rotated.purpose} is signed with ${rotated.kid} from now on: Ed25519 ${rotated.public}`],
      json: rotated,
    }
  },
}
