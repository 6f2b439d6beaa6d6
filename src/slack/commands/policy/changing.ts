import { readVersion } from '../../../admin/policy/versions.ts'
import { written } from '../../../admin/sentence.ts'
import { faultWords, savedWords } from '../../../admin/policy/words.ts'
import { refusalWords } from '../../author.ts'
import { policyView } from '../../views/policy-modal.ts'
import { comparisonBlock } from '../../views/policy-review.ts'
import { listUnder } from '../../views/sentences.ts'
import { uploadView } from '../../views/upload-modal.ts'
import { freeText, say, typedBy, type Act } from '../command.ts'

export const edit: Act = {
  usage: '',
  about: 'opens the document in a form; what a change would do is shown before it is saved',
  most: 0,
  async run({ admin }) {
    const newest = await admin.policyVersion(null)
    if ('refused' in newest) return say(`${newest.refused}.`)
    const modal = policyView(newest.document, newest.version)
    if (modal) return { ...say(`Version ${newest.version} is open to be edited.`), modal }
    return {
      ...say(
        `Version ${newest.version} is too long for a form: put a file in its place. countersign policy show, on the command line, prints it.`,
      ),
      modal: uploadView(newest.version),
    }
  },
}

export const upload: Act = {
  usage: '',
  about: 'the same with a file from your machine, for documents that are too long for a form',
  most: 0,
  async run({ admin }) {
    const newest = await admin.policyVersion(null)
    if ('refused' in newest) return say(`${newest.refused}.`)
    return {
      ...say(`A file can take the place of version ${newest.version}.`),
      modal: uploadView(newest.version),
    }
  },
}

export const rollback: Act = {
  usage: 'VERSION [WHY]',
  about: 'saves an older version’s text as the next version',
  options: ['note'],
  async run(parts, asked) {
    const { admin, workspace } = parts
    const [typed, ...why] = asked.words
    const version = readVersion(typed)
    if (version === null) return say('Say to which version: /countersign policy rollback 2 [WHY]')
    const [newest, older] = [await admin.policyVersion(null), await admin.policyVersion(version)]
    if ('refused' in newest) return say(`${newest.refused}.`)
    if ('refused' in older) return say(`${older.refused}.`)
    const by = await typedBy(parts, asked)
    const base = newest.version
    const note = freeText(asked.values.note, why)
    const review = await admin.reviewPolicy({ document: older.document, base, note }, by, workspace.lookUp)
    const saved = await admin.rollBackPolicy({ version, base, note }, by, workspace.lookUp)
    if ('refused' in saved)
      return say([`${await refusalWords(parts, saved)}.`, ...saved.faults.map(faultWords)].join('\n'))
    const text = [...savedWords(saved), ` It says what version ${version} said.`]
    const blocks = [
      listUnder(text, []),
      ...('comparison' in review && review.comparison ? [comparisonBlock(review.comparison)] : []),
    ]
    return { text: written(text), blocks }
  },
}
