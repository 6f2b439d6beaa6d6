import { asTyped } from '../content.ts'
import { viewObject } from '../objects.ts'
import type { Act, ActResult, Channel, Person } from '../protocol.ts'
import type { StoredMessage } from '../message-store.ts'
import { actor, common, failure, notSent, place } from './stage.ts'
import type { Stage } from './stage.ts'

/** How a slash command names a channel that has no public name. */
function commandChannelName(channel: Channel): string {
  if (channel.is_im) return 'directmessage'
  return channel.is_private ? 'privategroup' : channel.name
}

/**
 * People and channels that a command names, as their ids: as Slack writes them where the command's settings escape them
 * (interactivity/implementing-slash-commands).
 */
function withReferences({ workspace }: Stage, text: string): string {
  const [people, channels] = [[...workspace.people.values()], [...workspace.channels.values()]]
  return text.replaceAll(/(^|\s)([@#])([\w.-]+)/g, (typed, before: string, kind: string, name: string) => {
    const all = kind === '@' ? people : channels.filter(({ is_im }) => !is_im)
    const found = all.find((one) => one.name === name)
    return found ? `${before}<${kind}${found.id}|${name}>` : typed
  })
}

export async function command(stage: Stage, act: Extract<Act, { do: 'command' }>): Promise<ActResult> {
  const { workspace, triggers, responseUrls, delivery, complaints } = stage
  const person = actor(stage, act.as)
  if ('ok' in person) return person
  const channel = place(stage, act.channel, person)
  if ('ok' in channel) return channel
  const { team } = workspace
  if (!team.commands.includes(act.command) || !team.scopes.includes('commands')) {
    return notSent(`${act.command} is not a valid command.`)
  }
  const { team: home, user, api_app_id, token } = common(stage, person)
  const occasion = { user: person.id, channel: channel.id, clicked: null }
  const payload = {
    token,
    team_id: home.id,
    team_domain: home.domain,
    channel_id: channel.id,
    channel_name: commandChannelName(channel),
    user_id: user.id,
    user_name: user.username,
    command: act.command,
    text: asTyped(withReferences(stage, act.text)),
    api_app_id,
    is_enterprise_install: 'false',
    response_url: responseUrls.issue(occasion),
    trigger_id: triggers.issue(person.id),
  }
  const ack = await delivery.send({ type: 'slash_commands', payload, accepts_response_payload: true })
  if (!ack.ok) {
    const word = ack.reason === 'timeout' ? 'operation_timeout' : 'dispatch_failed'
    const failed = failure(stage, `${act.command} ${act.text}`, ack)
    return { ...failed, error: `${act.command} failed with the error "${word}". ${failed.error}` }
  }
  if (ack.answer !== null) {
    const answered = responseUrls.answer(occasion, ack.answer)
    if (!answered.ok) {
      complaints.add('invalid_command_answer', `${act.command} ${act.text}: ${JSON.stringify(answered)}`)
      return {
        ok: false,
        error: `${act.command} failed with the error "invalid_command_response"`,
        status: ack.status,
      }
    }
  }
  return { ok: true, status: ack.status }
}

export async function say(stage: Stage, act: Extract<Act, { do: 'say' }>): Promise<ActResult> {
  const { workspace } = stage
  const person = actor(stage, act.as)
  if ('ok' in person) return person
  const channel = place(stage, act.channel, person)
  if ('ok' in channel) return channel
  if (channel.is_archived) return notSent(`#${channel.name} is archived.`)
  if (act.text.trim() === '') return notSent('There is nothing to say.')
  const thread_ts = act.thread_ts ?? null
  if (thread_ts !== null && !workspace.messages.find(channel.id, thread_ts))
    return notSent('There is no such thread.')
  const message: StoredMessage = {
    channel: channel.id,
    ts: workspace.messages.nextTs(),
    thread_ts,
    user: person.id,
    text: asTyped(act.text),
    blocks: [],
    metadata: null,
    visible_to: null,
    edited_at: null,
    files: [],
    is_broadcast: false,
  }
  workspace.messages.add(message)
  await announce(stage, message, channel, person)
  return { ok: true }
}

/** Tells the app what was said, where it is in the channel and subscribed. */
async function announce({ workspace, events }: Stage, said: StoredMessage, channel: Channel, person: Person) {
  const { team } = workspace
  if (!workspace.isMember(channel, team.bot_user_id)) return
  const about = {
    user: person.id,
    text: said.text,
    ts: said.ts,
    event_ts: said.ts,
    channel: channel.id,
    team: person.team_id ?? team.id,
    ...(said.thread_ts ? { thread_ts: said.thread_ts } : {}),
  }
  const kind = channel.is_im ? 'im' : channel.is_private ? 'group' : 'channel'
  const subscription = channel.is_im ? 'message.im' : `message.${kind}s`
  await events.emit(subscription, { type: 'message', channel_type: kind, ...about })
  const mentioned = said.text.includes(`<@${team.bot_user_id}`)
  if (mentioned && !channel.is_im) await events.emit('app_mention', { type: 'app_mention', ...about })
}

/** Opens the app's Home tab: the app hears of it and may publish. */
export async function openHome(stage: Stage, act: Extract<Act, { do: 'open_home' }>): Promise<ActResult> {
  const { workspace, views, events } = stage
  const person = actor(stage, act.as)
  if ('ok' in person) return person
  const home = views.home(person.id)
  const ack = await events.emit('app_home_opened', {
    type: 'app_home_opened',
    user: person.id,
    channel: workspace.directMessage(person.id).id,
    tab: 'home',
    event_ts: workspace.messages.nextTs(),
    ...(home ? { view: viewObject(workspace, home) } : {}),
  })
  return { ok: true, ...(ack?.ok ? { status: ack.status } : {}) }
}
