import type { Command } from '../command.ts'
import { edit, rollback, upload } from './changing.ts'
import { confirm, proposals, reject } from './proposals.ts'
import { diff, history, show } from './reading.ts'
import { test } from './test.ts'

export const policy: Command = {
  usage: '[show | history | diff | test | edit | upload | rollback | proposals | confirm | reject]',
  about: 'the policy, its versions and who saved them; try it, change it, or go back',
  admins_only: true,
  acts: { show, history, diff, test, edit, upload, rollback, proposals, confirm, reject },
  run: show.run,
}
