import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { WebClient, type AppsManifestValidateArguments } from '@slack/web-api'
import { parse } from 'yaml'
import { examineSlack } from '../../src/slack/doctor.ts'
import { createLog } from '../../src/platform/log.ts'
import { eventsPath } from '../../src/slack/index.ts'
import { neededScopes } from '../../src/slack/scopes.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The manifest as the SDK's types know it: a scope, event or setting that Slack has not is a compile error here. */
const typed = {
  _metadata: { major_version: 1 },
  display_information: {
    name: 'Countersign',
    description: 'Approvals for what AI agents want to do',
    background_color: '#1f3a34',
  },
  features: {
    bot_user: { display_name: 'countersign', always_online: false },
    app_home: {
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    },
    slash_commands: [
      {
        command: '/countersign',
        description: 'Requests that wait for you, and what became of others',
        usage_hint: 'help | pending | show ID',
        url: 'https://countersign.example.com/slack/events',
        should_escape: true,
      },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'chat:write',
        'commands',
        'channels:history',
        'groups:history',
        'channels:read',
        'groups:read',
        'usergroups:read',
        'files:read',
        'files:write',
        'users:read',
      ],
    },
  },
  settings: {
    event_subscriptions: {
      request_url: 'https://countersign.example.com/slack/events',
      bot_events: ['app_home_opened'],
    },
    interactivity: { is_enabled: true, request_url: 'https://countersign.example.com/slack/events' },
    socket_mode_enabled: false,
    org_deploy_enabled: false,
    token_rotation_enabled: false,
  },
} satisfies AppsManifestValidateArguments['manifest']

const granted: string[] = typed.oauth_config.scopes.bot

/**
 * Scopes of each method for a bot token, from "Facts" on its page at docs.slack.dev/reference/methods. Where the kind
 * of conversation decides, those of public and private channels, which are the only ones that the app reads.
 */
const scopesOf: Record<string, string[]> = {
  'apps.connections.open': [], // an app-level token's connections:write
  'auth.test': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
}

/** Every Web API method that src/slack calls, found by what the SDK's client really has. */
async function calledMethods(): Promise<string[]> {
  const folder = path.join(root, 'src/slack')
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const sources = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
  const client = new WebClient()
  const isMethod = (name: string) =>
    name.includes('.') &&
    typeof name
      .split('.')
      .reduce<unknown>(
        (at, word) => (at && typeof at === 'object' ? Reflect.get(at, word) : undefined),
        client,
      ) === 'function'
  const chains = sources.flatMap((source) => [
    ...source.matchAll(/\.\s*([a-z]+(?:\s*\.\s*[A-Za-z]+)+)\s*\(/g),
  ])
  const names = chains.flatMap(([, chain = '']) => {
    const words = chain.replaceAll(/\s/g, '').split('.')
    // What stands before the method names the client: the longest name that the SDK has is the method.
    return words.map((_, from) => words.slice(from).join('.')).find(isMethod) ?? []
  })
  return [...new Set(names)].sort()
}

test('manifest.yml is the manifest that the SDK’s types allow', async () => {
  expect(parse(await readFile(path.join(root, 'manifest.yml'), 'utf8'))).toEqual(typed)
})

test('its texts are within Slack’s limits, and its addresses are those that the app serves', () => {
  // docs.slack.dev/reference/app-manifest
  expect(typed.display_information.name.length).toBeLessThanOrEqual(35)
  expect(typed.display_information.description.length).toBeLessThanOrEqual(140)
  const [command] = typed.features.slash_commands
  const { event_subscriptions, interactivity } = typed.settings
  for (const address of [command?.url ?? '', event_subscriptions.request_url, interactivity.request_url]) {
    expect(new URL(address).protocol).toBe('https:')
    expect(new URL(address).pathname).toBe(eventsPath)
  }
})

describe('its scopes', () => {
  test('cover every method that the code calls, and none is there for nothing', async () => {
    const called = await calledMethods()
    expect(called).toEqual(
      expect.arrayContaining(['chat.postMessage', 'usergroups.users.list', 'views.open']),
    )
    expect(called.filter((method) => !Object.hasOwn(scopesOf, method))).toEqual([])

    const needed = new Set(called.flatMap((method) => scopesOf[method] ?? []))
    // A slash command needs it without any call.
    needed.add('commands')
    expect([...needed].sort()).toEqual([...granted].sort())
  })

  test('are those that doctor asks for', () => {
    expect(Object.keys(neededScopes).sort()).toEqual([...granted].sort())
  })
})

describe('with those scopes and no others', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk()
    desk.slack.sandbox.edit.setScopes(granted)
  })
  afterAll(() => desk.close())

  const refusedScopes = () =>
    desk.slack.sandbox.calls().filter(({ answer }) => JSON.stringify(answer).includes('missing_scope'))

  test.each(['public', 'private'])('everything works in %s channels', async (kind) => {
    // given a request whose first posting got no answer
    desk.slack.sandbox.edit.setPrivate('C_FINANCE', kind === 'private')
    const agent = await desk.agent(`${kind}-bot`)
    desk.slack.sandbox.inject({ kind: 'drop_after_delivery', method: 'chat.postMessage', times: 1 })
    const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
    const asked = await agent.ask(refund)
    await desk.settle()
    await desk.advance('1m')

    // when somebody who may not clicks, and members of the user group approve and reject
    const card = await desk.card(asked.id)
    await desk.click('U_CAROL', 'approve', card)
    await desk.click('U_BOB', 'approve', card)
    const other = await agent.ask(refund)
    await desk.reject('U_ERIN', await desk.card(other.id), 'not twice')
    await desk.settle()
    await desk.command('U_BOB', `show ${asked.id}`)

    // then each was seen and answered, and Slack refused nothing
    expect((await agent.get(asked.id)).status).toBe('approved')
    expect((await agent.get(other.id)).status).toBe('rejected')
    expect(desk.toldPrivately('U_CAROL').length).toBeGreaterThan(0)
    expect(refusedScopes()).toEqual([])
  })

  test('and doctor can look at all that it looks at', async () => {
    const checks = await examineSlack({
      checkpoint_channel: null,
      settings: {
        bot_token: 'xoxb-of-the-stories',
        signing_secret: desk.signing_secret,
        app_token: 'xapp-of-the-stories',
        api_url: desk.slack.api_url,
      },
      expected: {
        admins: ['U_ALICE'],
        roles: [
          {
            name: 'finance',
            channel: 'C_FINANCE',
            members: ['U_ALICE'],
            groups: ['S_FINANCE'],
            mention: 'none',
          },
        ],
        needs: [{ rule: 'refunds', roles: { any: ['finance'] }, approvals: 1, owner_barred: true }],
        agents: [],
      },
      // The sandbox says the machine's time in its answers, whatever the story's clock says.
      clock: { now: () => new Date(), sleep: async () => undefined },
      log: createLog('silent'),
    })
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(refusedScopes()).toEqual([])
  })
})
