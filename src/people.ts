import type { Logger } from 'pino'
import { unasked } from './admin/policy/look-up.ts'
import { votingRoles } from './approval/approval.ts'
import { excluded } from './approval/vote.ts'
import type { People } from './cli/command.ts'
import type { FindVoters } from './flow/prospects.ts'
import type { Ground } from './ground.ts'
import type { SlackAddress } from './slack/clients.ts'

/**
 * The people of the workspace, for the command line: asked of Slack where it can be, else those that the policy names
 * itself, without the members of user groups.
 *
 * @param slack null: the sandbox, which lives in the server's process and cannot be asked from another
 */
export function peopleFor(slack: SlackAddress | null, { flow, clock }: Ground, log: Logger): People {
  if (slack === null) return { reach: withoutSlack, lookUp: withoutAsking, names: async () => ({}) }
  // Loaded when it is asked for: it brings Slack's SDK, which few commands wait for.
  const loaded = async () => {
    const [{ createClients }, { createWorkspace }, { createLookUp }] = await Promise.all([
      import('./slack/clients.ts'),
      import('./slack/workspace/workspace.ts'),
      import('./slack/workspace/look-up.ts'),
    ])
    const client = createClients(slack, log).interactive
    return { ...createWorkspace({ client, clock, flow }), lookUp: createLookUp(client, clock, patienceMs) }
  }
  let workspace: ReturnType<typeof loaded> | undefined
  const asked = () => (workspace ??= loaded())
  return {
    reach: async (...asking) => (await asked()).reach(...asking),
    lookUp: async (names) => (await asked()).lookUp(names),
    names: async (ids) => (await (await asked()).people(ids)).names,
  }
}

/** How long the command line waits for what Slack says. */
const patienceMs = 10_000

const withoutAsking: People['lookUp'] = async () => ({
  ...unasked,
  silent: 'the workspace is the sandbox, which lives in the running app',
})

const withoutSlack: FindVoters = async (approval, stage, role) => {
  const state = approval.stages[stage]
  const roles = (state ? votingRoles(state) : []).flatMap((name) => role(name) ?? [])
  if (roles.some(({ groups }) => groups.length > 0)) return { problems: {}, voters: null }
  const everybody = new Set(roles.flatMap(({ members }) => members))
  const voters = [...everybody]
    .filter((id) => excluded(approval, stage, id) === null)
    .map((slack_user_id) => ({
      slack_user_id,
      roles: roles.flatMap(({ name, members }) => (members.includes(slack_user_id) ? [name] : [])),
    }))
  return { problems: {}, voters }
}
