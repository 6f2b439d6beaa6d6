import type { Act, ActResult, Sandbox, SlackObject, ViewValues } from '../../src/sandbox/index.ts'
import type { Deed, Seen } from './slack-messages.ts'

/** People's hands: they know buttons by what is written on them and fill in whatever a form has. */
export function createHands(sandbox: Sandbox) {
  const formOf = (who: string): (Seen['form'] & { view: SlackObject }) | null => {
    const top = sandbox.snapshot().modals.findLast((each) => each.user === who)
    return top ? { view_id: top.id, can_submit: top.view['submit'] !== undefined, view: top.view } : null
  }

  function actFor(deed: Deed): Act | null {
    switch (deed.do) {
      case 'press': {
        const { who, channel, ts, button } = deed
        const action_id = buttonSaying(button, sandbox.message(channel, ts)?.blocks ?? [])
        return action_id === null ? null : { do: 'click', as: who, channel, ts, action_id }
      }
      case 'send': {
        const form = formOf(deed.who)
        if (form?.view_id !== deed.view_id) return null
        return { do: 'submit', as: deed.who, view_id: deed.view_id, values: filled(form.view, deed.words) }
      }
      case 'close':
        return { do: 'close', as: deed.who, view_id: deed.view_id }
    }
  }

  return {
    async make(deed: Deed): Promise<Seen['taken']> {
      const act = actFor(deed)
      return act ? taken(await sandbox.act(act)) : 'not there'
    },
    formOf(who: string): Seen['form'] {
      const form = formOf(who)
      return form && { view_id: form.view_id, can_submit: form.can_submit }
    },
  }
}

/** A button that is gone was never sent: the sandbox then has other words than for an app that does not answer. */
function taken({ ok, error = '' }: ActResult): Seen['taken'] {
  if (ok) return 'acked'
  return /respond|trouble/.test(error) ? 'unanswered' : 'not there'
}

function buttonSaying(words: string, blocks: SlackObject[]): string | null {
  for (const { elements } of blocks)
    for (const element of Array.isArray(elements) ? (elements as SlackObject[]) : [])
      if ((element['text'] as { text?: unknown } | undefined)?.text === words)
        return element['action_id'] as string
  return null
}

function filled(view: SlackObject, words: string): ViewValues {
  const blocks = (view['blocks'] as SlackObject[]).filter((block) => block.type === 'input')
  const fields = blocks.map(({ block_id, element }) => {
    const { type, action_id } = element as SlackObject
    return [String(block_id), { [String(action_id)]: { type, value: words } }] as const
  })
  return Object.fromEntries(fields)
}
