import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp, type RunningApp } from '../../src/app.ts'
import { parseDuration } from '../../src/approval/duration.ts'
import type { AuditEvent } from '../../src/audit/index.ts'
import type { Config } from '../../src/platform/config.ts'
import { createLog } from '../../src/platform/log.ts'
import {
  defaultSeed,
  listenSandbox,
  type ActResult,
  type ListeningSandbox,
  type Message,
  type OpenView,
} from '../../src/sandbox/index.ts'
import { neededScopes } from '../../src/slack/scopes.ts'
import { menu } from '../../src/slack/views/buttons.ts'
import { readChoice } from '../../src/slack/views/ticket.ts'
import { createDatabase } from '../setup/database.ts'
import { movedClock, type MovedClock } from '../setup/moved-clock.ts'
import { createAgent, type TestAgent } from './agent.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { storyPolicy } from './policy.ts'

const bot_token = 'xoxb-of-the-stories'
const app_token = 'xapp-of-the-stories'
const signing_secret = 'the signing secret of the stories'

/** A user group that everybody has left. */
const ghosts = { id: 'S_GHOSTS', handle: 'ghosts', name: 'Ghosts', users: [] }

export type Desk = {
  clock: MovedClock
  app: RunningApp
  slack: ListeningSandbox
  receiver: Receiver
  signing_secret: string
  /** Where the app finds its Slack, as the command line would. */
  slack_address: { bot_token: string; api_url: string }
  database_url: string
  agent(name: string, owner?: string): Promise<TestAgent>
  /** Another process's worth of app on the same database. */
  replica(): Promise<RunningApp>
  /** Waits until nothing is left to do now. */
  settle(): Promise<void>
  /** Moves time, and lets what became due be done. */
  advance(duration: string): Promise<void>
  /** The card of a stage, once nothing is left to do. */
  card(approval_id: string, stage?: number): Promise<Message>
  click(who: string, action_id: string, card: Message): Promise<ActResult>
  /** Clicks Reject, fills in the reason, submits. */
  reject(who: string, card: Message, reason: string): Promise<ActResult>
  /** Clicks Reject, or another button, and resolves with the form, or with the words that came instead. */
  openForm(who: string, card: Message, action_id?: string): Promise<OpenView | string>
  command(who: string, text: string): Promise<Message>
  /** Waits until this person was privately told something that matches. */
  told(who: string, words: RegExp): Promise<string>
  /** What only this person was told, the newest last. */
  toldPrivately(who: string): string[]
  audit(approval_id: string): Promise<AuditEvent[]>
  close(): Promise<void>
}

/**
 * The whole product on real parts: a PostgreSQL database of its own, the sandbox as Slack, an agents' server, and a
 * clock that the story moves.
 *
 * @param options.pacing whether both the app and the sandbox keep Slack's rates: then many a call waits for the clock
 */
export async function openDesk(
  options: {
    policy?: string
    socket_mode?: boolean
    pacing?: boolean
    checkpoints?: Partial<Config['checkpoints']>
  } = {},
): Promise<Desk> {
  const { pacing = false } = options
  const clock = movedClock()
  const database = await createDatabase()
  const receiver = await openReceiver()
  const folder = await mkdtemp(join(tmpdir(), 'countersign-desk-'))
  const policy_file = join(folder, 'policy.yaml')
  await writeFile(policy_file, options.policy ?? storyPolicy)
  const apps: RunningApp[] = []
  const slack = await listenSandbox({
    port: 0,
    workspace: {
      ...defaultSeed,
      groups: [...defaultSeed.groups, ghosts],
      team: { ...defaultSeed.team, scopes: Object.keys(neededScopes) },
    },
    bot_token,
    app_token,
    signing_secret,
    clock,
    rates: pacing ? 'slack' : 'off',
    app_url: () => (apps[0] ? `${apps[0].url}/slack/events` : null),
  })
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    database_url: database.runner_url,
    migration_database_url: database.url,
    data_dir: folder,
    slack: {
      bot_token,
      signing_secret,
      app_token: options.socket_mode ? app_token : undefined,
      api_url: slack.api_url,
    },
    slack_pacing: pacing,
    policy_file,
    secret_key: Buffer.alloc(32, 7),
    callback_allowed_hosts: ['127.0.0.1'],
    metrics_token: null,
    checkpoints: { channel: null, every_ms: 3_600_000, file: null, ...options.checkpoints },
    public_url: 'http://127.0.0.1',
    log_level: 'silent',
  }
  const start = async () => {
    const app = await startApp(config, createLog(process.env.TEST_LOG ?? 'silent'), clock)
    apps.push(app)
    return app
  }
  const app = await start()
  const isWorkLeft = async () => {
    const text = `select from job j where j.dead_at is null and (j.holder is not null or j.due_at <= $1)
      and not exists (select from job b where b.lane = j.lane and b.id < j.id and b.dead_at is null) limit 1`
    return (await app.ground.database.pool.query(text, [clock.now()])).rowCount !== 0
  }

  const desk: Desk = {
    clock,
    app,
    slack,
    receiver,
    signing_secret,
    slack_address: { bot_token, api_url: slack.api_url },
    database_url: database.url,
    replica: start,
    async agent(name, owner = 'U_DAVE') {
      const added = await app.ground.admin.addAgent(
        { name, owner, environment: 'production' },
        { type: 'operator' },
      )
      if ('refused' in added) throw new Error(added.refused)
      return createAgent(app.url, added)
    },
    async settle() {
      // What one replica ended may have left work to another, which had said before that it had none.
      do await Promise.all(apps.map((each) => each.idle()))
      while (apps.length > 1 && (await isWorkLeft()))
    },
    async advance(duration) {
      clock.move(parseDuration(duration) ?? 0)
      await desk.settle()
    },
    async card(approval_id, stage = 0) {
      await desk.settle()
      return slack.sandbox.until(({ messages }) =>
        messages.find(
          ({ metadata }) =>
            metadata?.event_payload.approval_id === approval_id && metadata.event_payload.stage === stage,
        ),
      )
    },
    click(who, action_id, card) {
      const { channel, ts } = card
      const what = inMenu(card, action_id) ?? { action_id }
      return slack.sandbox.act({ do: 'click', as: who, channel, ts, ...what })
    },
    async reject(who, card, reason) {
      const modal = await desk.openForm(who, card)
      if (typeof modal === 'string') return { ok: false, error: modal }
      const values = { reason: { reason: { type: 'plain_text_input', value: reason } } }
      return slack.sandbox.act({ do: 'submit', as: who, view_id: modal.id, values })
    },
    async openForm(who, card, action_id = 'reject') {
      const earlier = new Set(slack.sandbox.snapshot().modals.map(({ id }) => id))
      const told = desk.toldPrivately(who).length
      const clicked = await desk.click(who, action_id, card)
      if (!clicked.ok) return clicked.error ?? 'refused'
      return slack.sandbox.until<OpenView | string | undefined>(
        ({ modals }) =>
          modals.find(({ id, user }) => user === who && !earlier.has(id)) ?? desk.toldPrivately(who)[told],
      )
    },
    async told(who, words) {
      return slack.sandbox.until(() => desk.toldPrivately(who).find((text) => words.test(text)))
    },
    async command(who, text) {
      const before = privately(slack, who).length
      const result = await slack.sandbox.act({
        do: 'command',
        as: who,
        channel: 'C_GENERAL',
        command: '/countersign',
        text,
      })
      if (!result.ok) throw new Error(`/countersign ${text}: ${JSON.stringify(result)}`)
      return slack.sandbox.until(() => privately(slack, who)[before])
    },
    toldPrivately: (who) => privately(slack, who).map((message) => message.text),
    audit: (approval_id) => app.ground.audit.events(approval_id),
    async close() {
      await Promise.all(apps.map((each) => each.stop()))
      await slack.close()
      await receiver.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return desk
}

/** How an action is chosen that the card has in its menu; null where it has it not, or as a button. */
function inMenu({ blocks }: Message, action_id: string) {
  const menus = blocks
    .flatMap(({ elements }) => (elements ?? []) as { type: string; options?: { value: string }[] }[])
    .filter(({ type }) => type === 'overflow')
  const entry = menus
    .flatMap(({ options }) => options ?? [])
    .find(({ value }) => readChoice(value)?.choice === action_id)
  return entry ? { action_id: menu, value: { selected_option: entry } } : null
}

function privately(slack: ListeningSandbox, who: string): Message[] {
  return slack.sandbox.snapshot().messages.filter((message) => message.visible_to === who)
}
