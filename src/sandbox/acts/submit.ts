import { isRecord, shown } from '../blocks/check.ts'
import { incomplete } from '../blocks/complete.ts'
import { stateValues } from '../blocks/state.ts'
import { viewObject } from '../objects.ts'
import type { Act, ActResult } from '../protocol.ts'
import { blocksOf } from '../view-store.ts'
import type { StoredView } from '../view-store.ts'
import { parseView } from '../web-api/views.ts'
import { actor, common, failure, notSent } from './stage.ts'
import type { Stage } from './stage.ts'
import { withFiles } from './upload.ts'

const trouble = 'We had some trouble connecting. Try again?'

/** The `errors` that an app answered with, by block_id, or why they cannot be shown. */
function showable(answered: unknown, stored: StoredView): Record<string, string> | string {
  if (!isRecord(answered) || Object.keys(answered).length === 0)
    return 'response_action errors without errors'
  const inputs = new Set(
    blocksOf(stored.view).flatMap((block) => (block.type === 'input' ? [block['block_id']] : [])),
  )
  const errors: Record<string, string> = {}
  for (const [block, words] of Object.entries(answered)) {
    if (!inputs.has(block)) return `an error for ${block}, which is no input block of the view`
    if (typeof words !== 'string' || words === '') return `an error without words for ${block}`
    errors[block] = words
  }
  return errors
}

/** What the app's answer to a submission does to the person's modals. */
function follow({ views, complaints, workspace }: Stage, stored: StoredView, answer: unknown): ActResult {
  const done: ActResult = { ok: true, status: 200 }
  const wrong = (detail: string): ActResult => {
    complaints.add('invalid_submission_answer', detail)
    return { ok: false, error: trouble, status: 200 }
  }
  if (answer === null || answer === '') {
    views.close(stored.id, false)
    return done
  }
  if (!isRecord(answer)) return wrong(`a view submission was answered with ${JSON.stringify(answer)}`)
  switch (answer['response_action']) {
    case 'clear':
      views.close(stored.id, true)
      return done
    case 'errors': {
      const errors = showable(answer['errors'], stored)
      if (typeof errors === 'string') return wrong(errors)
      views.hold(stored.id, stored.values, errors)
      return { ...done, errors }
    }
    case 'update':
    case 'push': {
      const parsed = parseView(answer['view'], 'modal', workspace.team.scopes)
      if (!parsed.ok) return wrong(`${parsed.error}: ${JSON.stringify(parsed['errors'] ?? [])}`)
      if (answer['response_action'] === 'update') {
        return views.update(stored.id, parsed.view)
          ? done
          : wrong('the view was closed before it was updated')
      }
      const pushed = views.push(stored.user, parsed.view)
      return typeof pushed === 'string' ? wrong(pushed) : done
    }
    default:
      return wrong(`unknown response_action ${JSON.stringify(answer['response_action'])}`)
  }
}

function topmost(stage: Stage, as: string, view_id: string) {
  const person = actor(stage, as)
  if ('ok' in person) return person
  const stored = stage.views.stack(person.id).at(-1)
  if (stored?.id !== view_id) return notSent(`${person.real_name} does not have that modal before them.`)
  return { person, stored }
}

/** Sends a filled modal, unless Slack's own form would hold it back. */
export async function submit(stage: Stage, act: Extract<Act, { do: 'submit' }>): Promise<ActResult> {
  const { workspace, views, triggers, delivery } = stage
  const found = topmost(stage, act.as, act.view_id)
  if ('ok' in found) return found
  const { person, stored } = found
  if (stored.view['submit'] === undefined) return notSent('This modal has no button to submit it.')
  const blocks = blocksOf(stored.view)
  const typed = stateValues(blocks, act.values, stored.values)
  const { values, errors: ofFiles, handed } = withFiles(stage, person, blocks, typed)
  const errors = { ...incomplete(blocks, values), ...ofFiles }
  views.hold(stored.id, values, errors)
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  for (const { id, title } of handed) stage.files.complete(id, title)
  const filled = { ...stored, values }
  const payload = {
    type: 'view_submission',
    ...common(stage, person),
    trigger_id: triggers.issue(person.id, stored.id),
    view: viewObject(workspace, filled),
    response_urls: [],
  }
  const ack = await delivery.send({ type: 'interactive', payload, accepts_response_payload: true })
  if (ack.ok) return follow(stage, filled, ack.answer)
  return {
    ...failure(stage, `submission of ${shown(stored.view['callback_id'] ?? stored.id)}`, ack),
    error: trouble,
  }
}

/** Closes a modal with its X; the app hears of it only where the view asked for that. */
export async function close(stage: Stage, act: Extract<Act, { do: 'close' }>): Promise<ActResult> {
  const found = topmost(stage, act.as, act.view_id)
  if ('ok' in found) return found
  const { person, stored } = found
  const is_cleared = stored.view['clear_on_close'] === true
  stage.views.close(stored.id, is_cleared)
  if (stored.view['notify_on_close'] !== true) return { ok: true }
  const payload = {
    type: 'view_closed',
    ...common(stage, person),
    view: viewObject(stage.workspace, stored),
    is_cleared,
  }
  const ack = await stage.delivery.send({ type: 'interactive', payload, accepts_response_payload: false })
  return ack.ok ? { ok: true, status: ack.status } : failure(stage, 'a closed view', ack)
}
