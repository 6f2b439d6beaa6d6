import { findElement } from '../blocks/find.ts'
import type { Found } from '../blocks/find.ts'
import { actionOf, stateValues } from '../blocks/state.ts'
import { messageObject, viewObject } from '../objects.ts'
import type { Act, ActResult, ActionValue, Person, ViewValues } from '../protocol.ts'
import { blocksOf } from '../view-store.ts'
import type { StoredView } from '../view-store.ts'
import { actor, common, failure, notSent, place } from './stage.ts'
import type { Stage } from './stage.ts'

type Clicked = Extract<Act, { do: 'click' }>
type ClickedInView = Extract<Act, { do: 'click_in_view' }>
type ClickedInHome = Extract<Act, { do: 'click_in_home' }>

async function send(stage: Stage, payload: Record<string, unknown>, what: string): Promise<ActResult> {
  const ack = await stage.delivery.send({ type: 'interactive', payload, accepts_response_payload: false })
  return ack.ok ? { ok: true, status: ack.status } : failure(stage, what, ack)
}

/** What the click changes in the values of the form that it is in. */
function chosen(found: Found, value: ActionValue | undefined): ViewValues {
  return value ? { [found.block_id]: { [found.action_id]: value } } : {}
}

function hidden(found: Found | undefined, action_id: string): string | null {
  if (!found) return `There is nothing with the action_id ${action_id} to use here.`
  const silent = found.block.type === 'input' && found.block['dispatch_action'] !== true
  return silent ? `${action_id} is filled in, not sent by itself: its block has no dispatch_action.` : null
}

/** Menus in messages keep each person's choice: the app is sent it with later clicks. */
export function createClicks(stage: Stage) {
  const { workspace, views, triggers, responseUrls } = stage
  const choices = new Map<string, ViewValues>()

  async function inMessage(act: Clicked): Promise<ActResult> {
    const person = actor(stage, act.as)
    if ('ok' in person) return person
    const channel = place(stage, act.channel, person)
    if ('ok' in channel) return channel
    const message = workspace.messages.find(channel.id, act.ts)
    if (!message || (message.visible_to !== null && message.visible_to !== person.id)) {
      return notSent(`${person.real_name} sees no such message.`)
    }
    if (channel.is_archived) return notSent(`#${channel.name} is archived.`)
    const found = findElement(message.blocks, act.action_id, act.block_id)
    const reason = hidden(found, act.action_id)
    if (!found || reason !== null) return notSent(reason ?? '')
    const action = actionOf(found, act.value, workspace.messages.nextTs())
    if (typeof action === 'string') return notSent(action)
    const key = `${channel.id} ${message.ts} ${person.id}`
    const values = stateValues(message.blocks, chosen(found, act.value), choices.get(key))
    if (Object.keys(values).length > 0) choices.set(key, values)
    const is_ephemeral = message.visible_to !== null
    const payload = {
      type: 'block_actions',
      ...common(stage, person),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral,
        ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
      },
      trigger_id: triggers.issue(person.id),
      channel: { id: channel.id, name: channel.is_im ? 'directmessage' : channel.name },
      // Slack keeps nothing of a private answer that it could send back.
      ...(is_ephemeral ? {} : { message: messageObject(workspace, message, true) }),
      state: { values },
      response_url: responseUrls.issue({ user: person.id, channel: channel.id, clicked: message.ts }),
      actions: [action],
    }
    return await send(stage, payload, `${act.action_id} in #${channel.name}`)
  }

  async function inView(
    stored: StoredView,
    person: Person,
    act: ClickedInView | ClickedInHome,
  ): Promise<ActResult> {
    const blocks = blocksOf(stored.view)
    const found = findElement(blocks, act.action_id, act.block_id)
    const reason = hidden(found, act.action_id)
    if (!found || reason !== null) return notSent(reason ?? '')
    const action = actionOf(found, act.value, workspace.messages.nextTs())
    if (typeof action === 'string') return notSent(action)
    const filled =
      act.do === 'click_in_view' ? stateValues(blocks, act.values ?? {}, stored.values) : stored.values
    const values = stateValues(blocks, chosen(found, act.value), filled)
    if (act.do === 'click_in_view') views.hold(stored.id, values, stored.errors)
    else views.holdHome(person.id, values)
    const payload = {
      type: 'block_actions',
      ...common(stage, person),
      container: { type: 'view', view_id: stored.id },
      trigger_id: triggers.issue(person.id, act.do === 'click_in_view' ? stored.id : null),
      view: viewObject(workspace, { ...stored, values }),
      actions: [action],
    }
    return await send(stage, payload, `${act.action_id} in a view`)
  }

  return {
    inMessage,
    async inModal(act: ClickedInView): Promise<ActResult> {
      const person = actor(stage, act.as)
      if ('ok' in person) return person
      const top = views.stack(person.id).at(-1)
      if (top?.id !== act.view_id) return notSent(`${person.real_name} does not have that modal before them.`)
      return await inView(top, person, act)
    },
    async inHome(act: ClickedInHome): Promise<ActResult> {
      const person = actor(stage, act.as)
      if ('ok' in person) return person
      const home = views.home(person.id)
      return home
        ? await inView(home, person, act)
        : notSent('The app has published no Home for this person.')
    },
  }
}
