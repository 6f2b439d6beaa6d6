import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { examine } from '../../src/doctor.ts'
import { layGround } from '../../src/ground.ts'
import type { Check } from '../../src/platform/check.ts'
import { readConfig } from '../../src/platform/config.ts'
import { createLog } from '../../src/platform/log.ts'
import {
  defaultSeed,
  listenSandbox,
  type ListeningSandbox,
  type WorkspaceSeed,
} from '../../src/sandbox/index.ts'
import { examineSlack } from '../../src/slack/doctor.ts'
import { neededScopes } from '../../src/slack/scopes.ts'
import { withDatabase } from '../../src/store/url.ts'
import { createDatabase } from '../setup/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bot_token = 'xoxb-1234-the-bots-own'
const app_token = 'xapp-1234-the-apps-own'
const signing_secret = 'a signing secret of these tests'
const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_ALICE, S_FINANCE]}
  platform: {channel: C_PLATFORM, members: [U_CAROL, U_DAVE, U_FRANK]}
defaults: {stages: [{role: platform, approvals: 1}]}
rules:
  - name: refunds
    when: action.tool == "stripe.refund"
    stages: [{role: finance, approvals: 2}]
`

type Env = Record<string, string>

/** A workspace that is as it should be, a migrated database with an agent in it, and the variables that lead there. */
let slack: ListeningSandbox
let database: Awaited<ReturnType<typeof createDatabase>>
let folder: string
let env: Env

const seed: WorkspaceSeed = {
  ...defaultSeed,
  team: { ...defaultSeed.team, scopes: Object.keys(neededScopes) },
}

beforeEach(async () => {
  slack = await listenSandbox({
    port: 0,
    workspace: seed,
    bot_token,
    app_token,
    signing_secret,
    app_url: () => null,
  })
  database = await createDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'countersign-doctor-'))
  await writeFile(path.join(folder, 'policy.yaml'), policy)
  env = {
    SLACK_BOT_TOKEN: bot_token,
    SLACK_SIGNING_SECRET: signing_secret,
    SLACK_API_URL: slack.api_url,
    DATABASE_URL: database.runner_url,
    MIGRATION_DATABASE_URL: database.url,
    SECRET_KEY: key(1),
    DATA_DIR: path.join(folder, 'data'),
    POLICY_FILE: path.join(folder, 'policy.yaml'),
    PUBLIC_URL: 'https://countersign.acme.example',
  }
})

afterEach(async () => {
  await slack.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

/** What a first start and `agent add` leave behind. */
async function started(owner = 'U_DAVE') {
  const read = readConfig(env)
  if ('faults' in read) throw new Error(read.faults.join())
  const log = createLog('silent')
  const ground = await layGround(read.config, log)
  await ground.admin.installFirstPolicy(read.config.policy_file, log)
  await ground.admin.addAgent({ name: 'refund-bot', owner, environment: 'production' }, { type: 'operator' })
  await ground.close()
}

type Run = { code: number; stdout: string; stderr: string }

/** The command as an operator types it. */
async function doctor(variables: Env, ...words: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const argv = ['src/countersign.ts', 'doctor', ...words]
    const options = { cwd: root, env: { PATH: process.env.PATH, ...variables } }
    execFile(process.execPath, argv, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const notOk = (checks: Check[]) => checks.filter(({ status }) => status !== 'ok')
const failed = (checks: Check[]) => checks.filter(({ status }) => status === 'fail')
const named = (checks: Check[], name: string) => checks.filter(({ check }) => check === name)

describe('the command', () => {
  test('prints one line for each thing that is in order, and leaves with 0', async () => {
    await started()
    const { code, stdout, stderr } = await doctor(env)
    expect(stderr).toBe('')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter((line) => !line.startsWith('ok    '))).toEqual([])
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ok {4}database: .*PostgreSQL \d/),
        'ok    migrations: all applied',
        'ok    SECRET_KEY: opens the callback secrets of every agent (1)',
        'ok    policy: version 1: 2 roles, 1 rules',
        expect.stringMatching(/^ok {4}Slack token: @countersign in Acme \(T_ACME, /),
        'ok    channel of finance: #finance-approvals (C_FINANCE)',
        'ok    user group of finance: @finance (S_FINANCE), 2 people',
        'ok    members of platform: U_CAROL, U_DAVE, U_FRANK',
        'ok    owner of refund-bot: U_DAVE',
        expect.stringContaining('https://countersign.acme.example/slack/events'),
      ]),
    )
    expect(code).toBe(0)
  })

  test('leaves with 1 where something fails, says what to do, and never says a secret', async () => {
    await started()
    slack.sandbox.edit.archive('C_FINANCE')
    const plain = await doctor(env)
    expect(plain.code).toBe(1)
    expect(plain.stdout).toContain(
      'FAIL  channel of finance: #finance-approvals (C_FINANCE) is archived. Unarchive it, or ',
    )

    const json = await doctor({ ...env, SLACK_APP_TOKEN: 'xapp-of-another-app' }, '--json')
    expect(json.code).toBe(1)
    const checks = JSON.parse(json.stdout) as Check[]
    expect(failed(checks).map(({ check }) => check)).toEqual(['Slack app token', 'channel of finance'])
    for (const each of checks) expect(Object.keys(each)).toEqual(['check', 'status', 'detail', 'remedy'])

    const password = new URL(database.url).password
    for (const secret of [bot_token, signing_secret, 'xapp-of-another-app', key(1), password])
      expect(plain.stdout + plain.stderr + json.stdout + json.stderr).not.toContain(secret)
  })

  test('without any configuration says that Slack is the sandbox, and makes nothing', async () => {
    const variables = { DATA_DIR: path.join(folder, 'data'), POLICY_FILE: path.join(folder, 'policy.yaml') }
    const { code, stdout } = await doctor(variables)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ok {4}Slack: is the sandbox/m)
    expect(stdout).toMatch(/^ok {4}database: there is none .*: the first start makes it$/m)
    expect(await readdir(folder)).toEqual(['policy.yaml'])
  })
})

describe('the ground', () => {
  test('a faulty configuration is named variable by variable, and hides the rest', async () => {
    const checks = await examine({ ...env, PORT: 'abc', SECRET_KEY: 'short' })
    expect(checks).toMatchObject([
      { check: 'configuration', status: 'fail', detail: expect.stringMatching(/^PORT /) },
      { check: 'configuration', status: 'fail', detail: expect.stringMatching(/^SECRET_KEY /) },
      { check: 'everything else', status: 'warn' },
    ])
  })

  test('a database that is away still leaves the Slack lines, judged by the policy file', async () => {
    slack.sandbox.edit.removeBot('C_PLATFORM')
    const checks = await examine({
      ...env,
      DATABASE_URL: 'postgresql://nobody:hidden-word@127.0.0.1:1/none',
      MIGRATION_DATABASE_URL: '',
    })
    expect(failed(checks).map(({ check }) => check)).toEqual(['database', 'channel of platform'])
    expect(named(checks, 'channel of finance')).toMatchObject([{ status: 'ok' }])
    expect(JSON.stringify(checks)).not.toContain('hidden-word')
  })

  test('a database that no start has seen is not migrated by looking', async () => {
    const admin = new Client({ connectionString: withDatabase(database.url, 'postgres') })
    await admin.connect()
    const name = `${new URL(database.url).pathname.slice(1)}_empty`
    await admin.query(`create database ${name} template template0`)
    const url = withDatabase(database.url, name)

    const checks = await examine({ ...env, DATABASE_URL: url, MIGRATION_DATABASE_URL: '' })

    expect(named(checks, 'migrations')).toMatchObject([{ status: 'warn' }])
    expect(failed(checks)).toEqual([])
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(`select tablename from pg_tables where schemaname = 'public'`)
    expect(rows).toEqual([])
    await client.end()
    await admin.query(`drop database ${name}`)
    await admin.end()
  })

  test('a migration that was changed after it ran is told', async () => {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query(`update _prisma_migrations set checksum = 'another'`)
    await client.end()
    expect(named(await examine(env), 'migrations')).toMatchObject([
      { status: 'fail', detail: expect.stringContaining('is not the one that ran in this database') },
    ])
  })

  test('a SECRET_KEY that does not open the stored secrets is told, with the agents that it shuts out', async () => {
    await started()
    const checks = await examine({ ...env, SECRET_KEY: key(2) })
    expect(failed(checks)).toMatchObject([
      { check: 'SECRET_KEY', detail: expect.stringContaining('refund-bot'), remedy: expect.any(String) },
    ])
  })

  test('a policy file that differs from the database is told of, and a faulty one named by line', async () => {
    await started()
    await writeFile(env.POLICY_FILE ?? '', policy.replace('approvals: 2', 'approvals: 1'))
    expect(notOk(await examine(env))).toMatchObject([{ check: 'policy file', status: 'warn' }])

    const empty = await createDatabase()
    await writeFile(env.POLICY_FILE ?? '', policy.replace('role: finance', 'role: fnance'))
    const checks = await examine({
      ...env,
      DATABASE_URL: empty.runner_url,
      MIGRATION_DATABASE_URL: empty.url,
    })
    expect(failed(checks)).toMatchObject([
      { check: 'policy', detail: expect.stringMatching(/policy\.yaml, line 10, column 21: .*fnance/) },
    ])
    await empty.drop()
  })

  test('a callback host with a scheme, and an address that Slack cannot call, are told', async () => {
    const checks = await examine({
      ...env,
      CALLBACK_ALLOWED_HOSTS: 'agents.internal,http://x',
      PUBLIC_URL: 'http://countersign.acme.example',
    })
    expect(notOk(checks)).toMatchObject([
      { check: 'CALLBACK_ALLOWED_HOSTS', status: 'fail' },
      { check: 'PUBLIC_URL', status: 'warn' },
    ])
    // In Socket Mode Slack calls nobody.
    const socket = await examine({
      ...env,
      SLACK_APP_TOKEN: app_token,
      PUBLIC_URL: 'http://countersign.acme.example',
    })
    expect(notOk(socket)).toEqual([])
    expect(named(socket, 'Slack app token')).toMatchObject([{ status: 'ok' }])
  })

  test('one database role for all is warned of, and so are events that nobody seals', async () => {
    await started()
    const alone = await examine({ ...env, DATABASE_URL: database.url, MIGRATION_DATABASE_URL: '' })
    expect(notOk(alone)).toMatchObject([
      {
        check: 'audit: database role',
        status: 'warn',
        detail: expect.stringMatching(/can change and delete/),
      },
    ])
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query(`set session_replication_role = replica; update event set at = at - interval '1 hour'`)
    await client.end()
    expect(notOk(await examine(env))).toMatchObject([
      { check: 'audit: sealing', status: 'warn', detail: expect.stringMatching(/newest events wait/) },
    ])
    const two = await examine({ ...env, MIGRATION_DATABASE_URL: withDatabase(database.url, 'other') })
    expect(failed(two)).toMatchObject([
      { check: 'database', detail: expect.stringMatching(/names another database/) },
    ])
  })

  test('the sandbox beside a real database is warned of', async () => {
    const checks = await examine({
      DATABASE_URL: database.runner_url,
      MIGRATION_DATABASE_URL: database.url,
      SECRET_KEY: key(1),
      SANDBOX: '1',
      POLICY_FILE: env.POLICY_FILE ?? '',
      DATA_DIR: folder,
    })
    expect(notOk(checks)).toMatchObject([{ check: 'SANDBOX', status: 'warn' }])
  })
})

describe('Slack', () => {
  test('a token that is no use fails once, and the database is still looked at', async () => {
    slack.sandbox.inject({ kind: 'slack_error', method: 'auth.test', error: 'token_revoked' })
    const checks = await examine(env)
    expect(failed(checks)).toMatchObject([{ check: 'Slack token', detail: 'token_revoked' }])
    expect(named(checks, 'Slack workspace')).toMatchObject([{ status: 'warn' }])
    expect(named(checks, 'migrations')).toMatchObject([{ status: 'ok' }])
  })

  test('an address where no Slack is fails, and says so', async () => {
    const checks = await examine({ ...env, SLACK_API_URL: 'http://127.0.0.1:1/' })
    expect(failed(checks)).toMatchObject([
      { check: 'Slack token', detail: expect.stringContaining('did not answer') },
    ])
  })

  test('a scope too few fails with what it is for, a scope too many is warned of', async () => {
    slack.sandbox.edit.setScopes([
      ...Object.keys(neededScopes).filter((scope) => scope !== 'usergroups:read'),
      'reactions:write',
    ])
    const checks = await examine(env)
    expect(named(checks, 'Slack scopes')).toMatchObject([
      { status: 'fail', detail: expect.stringContaining('usergroups:read is missing') },
      { status: 'warn', detail: expect.stringContaining('reactions:write') },
    ])
    expect(named(checks, 'user groups')).toMatchObject([
      {
        status: 'fail',
        detail: expect.stringMatching(/nobody may vote for finance: missing_scope: usergroups:read/),
      },
    ])
    // How many approvers there are is not guessed at then.
    expect(checks.some(({ check }) => check.startsWith('approvers'))).toBe(false)
  })

  test.each([
    ['is archived', () => slack.sandbox.edit.archive('C_FINANCE'), 'is archived'],
    ['has no bot', () => slack.sandbox.edit.removeBot('C_FINANCE'), 'the bot is not in #finance-approvals'],
    [
      'is private and has no bot',
      () => {
        slack.sandbox.edit.setPrivate('C_FINANCE')
        slack.sandbox.edit.removeBot('C_FINANCE')
      },
      'is not there, or is private',
    ],
  ])('a channel that %s fails', async (_what, change, detail) => {
    change()
    const checks = await examine(env)
    expect(failed(checks)).toMatchObject([
      { check: 'channel of finance', detail: expect.stringContaining(detail), remedy: expect.any(String) },
    ])
  })

  test('members who cannot decide fail, each with why', async () => {
    await writeFile(env.POLICY_FILE ?? '', policy.replace('U_DAVE', 'U_DAVE, U_GONE, U_COUNTERSIGN'))
    slack.sandbox.edit.deactivate('U_CAROL')
    slack.sandbox.edit.makeStranger('U_FRANK')
    const checks = await examine(env)
    expect(failed(checks).map(({ check, detail }) => `${check}: ${detail}`)).toEqual([
      'members of platform: Carol Chen (U_CAROL) is deactivated',
      'members of platform: there is nobody with the id U_GONE',
      'members of platform: Countersign (U_COUNTERSIGN) is a bot',
      'members of platform: Frank Fischer (U_FRANK) is of another workspace, and can decide nothing',
    ])
  })

  test('an admin and an agent’s owner who left fail', async () => {
    await started()
    slack.sandbox.edit.deactivate('U_ALICE')
    slack.sandbox.edit.deactivate('U_DAVE')
    expect(failed(await examine(env)).map(({ check }) => check)).toEqual([
      'members of finance',
      'members of platform',
      'admins',
      'owner of refund-bot',
    ])
  })

  test('a user group that is gone, or empty, fails', async () => {
    slack.sandbox.edit.setGroup('S_FINANCE', [])
    expect(named(await examine(env), 'user group of finance')).toMatchObject([
      { status: 'fail', detail: '@finance (S_FINANCE) has nobody in it' },
    ])
    slack.sandbox.edit.removeGroup('S_FINANCE')
    expect(named(await examine(env), 'user group of finance')).toMatchObject([
      { status: 'fail', detail: 'there is no user group S_FINANCE' },
    ])
  })

  test('a rule that too few people can answer is hinted at, also where the agent’s owner is one of them', async () => {
    // given two people in finance, one of them the owner of the agent
    slack.sandbox.edit.setGroup('S_FINANCE', ['U_BOB'])
    await started('U_BOB')
    expect(notOk(await examine(env))).toMatchObject([
      {
        check: 'approvers of refunds',
        status: 'warn',
        detail: expect.stringMatching(/asks for 2 of finance, where only 1 can vote on what refund-bot ask/),
      },
    ])
    // and given one of them left
    slack.sandbox.edit.setGroup('S_FINANCE', ['U_ALICE'])
    expect(named(await examine(env), 'approvers of refunds')).toMatchObject([
      { detail: 'asks for 2 of finance, where only 1 can vote' },
    ])
  })

  test('a rate limit is waited for', async () => {
    slack.sandbox.inject({ kind: 'rate_limited', method: 'users.info', retry_after_s: 0, times: 2 })
    expect(notOk(await examine(env))).toEqual([])
  })

  test.each([
    [0, 'ok'],
    [-100, 'warn'],
    [400, 'fail'],
  ])('a clock that is %i s off Slack’s is judged %s', async (seconds, status) => {
    const checks = await examineSlack({
      checkpoint_channel: null,
      settings: { bot_token, signing_secret, app_token: undefined, api_url: slack.api_url },
      expected: { admins: [], roles: [], needs: [], agents: [] },
      clock: { now: () => new Date(Date.now() + seconds * 1_000), sleep: async () => undefined },
      log: createLog('silent'),
    })
    expect(named(checks, 'clock: Slack')).toMatchObject([{ status }])
  })
})
