import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt'
import { Unavailable } from '../platform/unavailable.ts'
import { actions } from './actions/index.ts'
import { placesOf, readClick, tellPrivately, visitorOf, type AfterAck } from './actions/click.ts'
import { proposalClick } from './actions/proposal.ts'
import { runCommand } from './commands/index.ts'
import { say, type Answer } from './commands/command.ts'
import type { SlackParts } from './context.ts'
import { submissions, type SubmissionAnswer } from './submissions/index.ts'
import { menu } from './views/buttons.ts'
import { answerView, nothingHappenedView } from './views/nothing-happened.ts'

/**
 * Everything that comes from Slack passes here, and nothing is thrown away: what nobody knows gets an answer too.
 * What was asked is written before it is acknowledged, so that an acknowledged click can never be lost.
 */
export function listen(app: App, parts: SlackParts): void {
  app.action<BlockAction>(/.*/, async ({ body, action, ack }) => {
    const visitor = visitorOf(body.user)
    let after: AfterAck
    try {
      const click = readClick(body, action)
      // In the menu of a card, what is chosen names the action.
      const name = (action.action_id === menu ? click?.choice : action.action_id) ?? ''
      const act = Object.hasOwn(actions, name) ? actions[name] : undefined
      const ofProposal = proposalClick(parts, body, action)
      if (ofProposal) after = await ofProposal
      else if (act && click) after = await act(parts, click)
      else after = { tell: 'This button is not known here any more. Nothing was changed.' }
    } catch (error) {
      after = { tell: apology(parts, error) }
    }
    await ack()
    try {
      await after.open?.()
    } catch (error) {
      after = { tell: apology(parts, error) }
    }
    if (!after.tell) return
    const answered = body.view?.type === 'home' && (await answerAtHome(parts, body, after.tell))
    if (!answered) await tellPrivately(parts, { visitor, places: placesOf(body) }, after.tell)
  })

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return
    // Slack has this acknowledged already, and says it again to whoever opens it again.
    const { user: slack_user_id, view } = event
    await parts.flow.homes
      .opened({ slack_user_id, team_id: body.team_id ?? null, shown: view?.private_metadata || null })
      .catch((error: unknown) => parts.log.warn({ err: error, slack_user_id }, 'a Home could not be drawn'))
  })

  app.view<ViewSubmitAction>({ callback_id: /.*/, type: 'view_submission' }, async ({ body, ack }) => {
    const submit = Object.hasOwn(submissions, body.view.callback_id)
      ? submissions[body.view.callback_id]
      : undefined
    let answer: SubmissionAnswer
    try {
      answer = submit
        ? await submit(parts, body)
        : {
            response_action: 'update',
            view: nothingHappenedView('This form is not known here any more. Nothing was changed.'),
          }
    } catch (error) {
      answer = { response_action: 'update', view: nothingHappenedView(apology(parts, error)) }
    }
    await (answer === null ? ack() : ack(answer))
  })

  app.command(/.*/, async ({ command, ack }) => {
    const visitor = { slack_user_id: command.user_id, team_id: command.team_id }
    let answer: Answer
    try {
      answer = await runCommand(parts, visitor, command.text)
    } catch (error) {
      answer = say(apology(parts, error))
    }
    const { modal, ...shown } = answer
    await ack({ response_type: 'ephemeral', ...shown })
    // After three seconds Slack no longer takes the modal: the answer says what there is to do then.
    if (modal)
      await parts.interactive.views
        .open({ trigger_id: command.trigger_id, view: modal })
        .catch((error: unknown) => {
          parts.log.warn({ err: error }, 'a form could not be opened')
        })
  })
}

/**
 * On somebody's Home there is no place for a private answer, and a direct message is on another page: a modal stands before
 * them. What they clicked on may be old, so that their Home is drawn again. False where the modal could not be opened.
 */
async function answerAtHome(parts: SlackParts, { user, trigger_id }: BlockAction, words: string) {
  const failed = (error: unknown) => {
    parts.log.warn({ err: error, user: user.id }, 'a click on a Home could not be answered there')
    return false
  }
  await parts.flow.homes.redraw(user.id).catch(failed)
  return parts.interactive.views.open({ trigger_id, view: answerView(words) }).then(() => true, failed)
}

/** For what went wrong on our side: the person learns that nothing counted, the log learns why. */
function apology({ log }: SlackParts, error: unknown): string {
  if (error instanceof Unavailable)
    return `Countersign cannot answer just now: ${error.message}. Look at the card in a minute: if it shows nothing of this, try again.`
  log.error({ err: error }, 'a request from Slack failed')
  return 'Something went wrong in Countersign and was logged. Nothing was changed, as far as it knows; look at the card before you try again.'
}
