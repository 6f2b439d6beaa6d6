import type { KnownBlock, ModalView } from '@slack/types'

export const testForm = { callback_id: 'policy_test' } as const

const request = { block_id: 'request', action_id: 'text' } as const
const agent = { block_id: 'agent', action_id: 'name' } as const

/** What one menu takes (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element). */
const mostOptions = 100

/** Asks for a request to be tried; afterwards with what would become of it above, to try the next. */
export function testModal(agents: string[], answer: KnownBlock[] = []): ModalView {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words, emoji: false })
  const options = agents
    .slice(0, mostOptions)
    .map((name) => ({ text: text(name.slice(0, 75)), value: name.slice(0, 75) }))
  return {
    type: 'modal',
    callback_id: testForm.callback_id,
    title: text('Try the policy'),
    submit: text('Try it'),
    close: text('Close'),
    blocks: [
      ...answer,
      ...(answer.length > 0 ? [{ type: 'divider' as const }] : []),
      {
        type: 'input',
        block_id: request.block_id,
        label: text('The request'),
        hint: text(
          'JSON as an agent sends it, or only {"tool": …, "arguments": {…}}, or the id of an earlier request.',
        ),
        element: {
          type: 'plain_text_input',
          action_id: request.action_id,
          multiline: true,
          max_length: 3_000,
          placeholder: text('{"tool": "stripe.refund", "arguments": {"amount": 240}}'),
        },
      },
      ...(options.length === 0
        ? []
        : [
            {
              type: 'input' as const,
              block_id: agent.block_id,
              optional: true,
              label: text('As which agent?'),
              element: { type: 'static_select' as const, action_id: agent.action_id, options },
            },
          ]),
    ],
  }
}

type State = Record<
  string,
  Record<string, { value?: string | null; selected_option?: { value: string } | null }>
>

/** What was typed and chosen. */
export function readTestForm(values: State): { of: string; agent: string | null } {
  return {
    of: values[request.block_id]?.[request.action_id]?.value?.trim() ?? '',
    agent: values[agent.block_id]?.[agent.action_id]?.selected_option?.value ?? null,
  }
}

/** The form's answer to what is no request. */
export function testFault(words: string): Record<string, string> {
  return { [request.block_id]: words }
}
