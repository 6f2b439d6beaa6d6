import { parseArgs } from 'node:util'
import { isNativeError } from 'node:util/types'
import { didYouMean } from '../admin/nearest.ts'
import type { Check } from '../platform/check.ts'
import { StartRefused } from '../platform/start-refused.ts'
import { Unavailable } from '../platform/unavailable.ts'
import { agentAdd, agentDisable, agentEnable, agentList, agentRotate } from './agent.ts'
import { pending, show } from './approvals.ts'
import { auditExport, auditKeys, auditVerify } from './audit-export.ts'
import { auditSearch } from './audit-search.ts'
import { auditShow } from './audit.ts'
import { refused, type Command, type Desk, type Options, type Printed } from './command.ts'
import { doctor } from './doctor.ts'
import { freeze, unfreeze } from './freeze.ts'
import { jobsDead, jobsRetry } from './jobs.ts'
import { keyList, keyRotate } from './key.ts'
import { metrics, metricsRebuild } from './metrics.ts'
import { policyApply, policyDiff, policyHistory, policyLint, policyRollback, policyShow } from './policy.ts'
import { policyTest } from './policy-test.ts'
import { policyConfirm, policyProposals, policyReject } from './proposals.ts'
import { redeliver } from './redeliver.ts'

/** Every command, by the words that it begins with. */
const commands: Record<string, Command> = {
  pending,
  show,
  'agent add': agentAdd,
  'agent list': agentList,
  'agent rotate': agentRotate,
  'agent disable': agentDisable,
  'agent enable': agentEnable,
  'policy show': policyShow,
  'policy history': policyHistory,
  'policy diff': policyDiff,
  'policy test': policyTest,
  'policy lint': policyLint,
  'policy apply': policyApply,
  'policy rollback': policyRollback,
  'policy proposals': policyProposals,
  'policy confirm': policyConfirm,
  'policy reject': policyReject,
  freeze,
  unfreeze,
  audit: auditShow,
  'audit search': auditSearch,
  'audit export': auditExport,
  'audit verify': auditVerify,
  'audit keys': auditKeys,
  redeliver,
  metrics,
  'metrics rebuild': metricsRebuild,
  'jobs dead': jobsDead,
  'jobs retry': jobsRetry,
  'key list': keyList,
  'key rotate': keyRotate,
  doctor,
}

/**
 * Runs one command line and prints what came of it: 0 done, 1 refused or failed, 2 not understood.
 *
 * @param withDesk opens the database for as long as the command runs
 * @param examine looks at everything that the app needs, whatever of it is broken
 */
export async function run(
  argv: string[],
  withDesk: (work: (desk: Desk) => Promise<Printed>) => Promise<Printed>,
  examine: () => Promise<Check[]>,
): Promise<number> {
  const json = argv.includes('--json')
  const rest = argv.filter((word) => word !== '--json')
  const about = rest.filter((word) => word !== '--help' && word !== 'help')
  if (rest.length === 0 || rest[0] === 'help' || rest.includes('--help')) {
    const lines = help(about)
    return lines ? print({ ok: true, lines, json: lines }, json, 0) : print(unknown(about), json, 2)
  }
  const found = find(rest)
  if (!found) return print(unknown(rest), json, 2)
  const { command } = found
  const options = read(command, found.rest)
  if (typeof options === 'string')
    return print(refused(`${options}\nUsage: countersign ${command.usage}`), json, 2)
  try {
    const printed =
      'report' in command
        ? command.report(await examine())
        : 'offline' in command
          ? await command.offline(options)
          : (('alone' in command ? await command.alone(options) : null) ??
            (await withDesk((desk) => command.run(desk, options))))
    return print(printed, json, printed.ok ? 0 : 1)
  } catch (error) {
    if (error instanceof StartRefused || error instanceof Unavailable)
      return print(refused(error.message), json, 1)
    throw error
  }
}

function find(words: string[]): { command: Command; rest: string[] } | null {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command) return { command, rest: words.slice(length) }
  }
  return null
}

/** The options, or what is wrong with them. */
function read(command: Command, argv: string[]): Options | string {
  try {
    const texts = Object.fromEntries(command.options.map((name) => [name, { type: 'string' as const }]))
    const flags = Object.fromEntries(
      (command.flags ?? []).map((name) => [name, { type: 'boolean' as const }]),
    )
    const options: Record<string, { type: 'string' | 'boolean'; multiple?: false }> = { ...texts, ...flags }
    const { values, positionals: words } = parseArgs({
      args: argv,
      options,
      allowPositionals: true,
      strict: true,
    })
    if (words.length < command.words.least) return 'Something is missing.'
    if (words.length > command.words.most) return `“${words[command.words.most]}” is too much.`
    return { values, words }
  } catch (error) {
    return wrongOption(error, [...command.options, ...(command.flags ?? [])])
  }
}

/** What is wrong with an option, with the one that was probably meant. */
function wrongOption(error: unknown, known: string[]): string {
  // Not `instanceof`: errors of Node itself are of another realm under Jest.
  const message = isNativeError(error) ? error.message : String(error)
  const unknown = /^Unknown option '(--[^']*)'/.exec(message)?.[1]
  if (unknown === undefined) return message
  const names = ['json', ...known].map((name) => `--${name}`)
  return `There is no option ${unknown} here${didYouMean(unknown, names)}.`
}

/** All commands, or those that begin with these words; null where there are none. */
function help([first, second]: string[]): string[] | null {
  const those = (words: (string | undefined)[]) =>
    Object.entries(commands).filter(([name]) => `${name} `.startsWith(`${words.filter(Boolean).join(' ')} `))
  // What follows a command of one word is its own: `freeze all --help` asks about `freeze`.
  const asked = first === undefined ? Object.entries(commands) : those([first, second])
  const found = asked.length > 0 ? asked : those([first])
  if (found.length === 0) return null
  const rows = found.map(([, { usage, about }]) => `  countersign ${usage}\n      ${about}`)
  return ['What operators can do. Every command takes --json.', '', ...rows]
}

function unknown(words: string[]): Printed {
  const [first = ''] = words
  const names = Object.keys(commands)
  const meant = didYouMean(words.slice(0, 2).join(' '), names)
  const after = names.flatMap((name) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []))
  const where =
    after.length === 0 ? 'countersign help lists them' : `After ${first} there are ${after.join(', ')}`
  return refused(`There is no command “${words.join(' ').slice(0, 100)}”${meant}. ${where}.`)
}

function print({ ok, lines, json, is_report, is_streamed }: Printed, asJson: boolean, code: number): number {
  if (is_streamed) return code
  if (asJson) console.log(JSON.stringify(json))
  else for (const line of lines) (ok || is_report ? console.log : console.error)(line)
  return code
}
