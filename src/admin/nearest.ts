/** What was probably meant by a word that is not known, for Slack's commands and the shell's. */
export { didYouMean } from '../policy/index.ts'
