import type { ActResult, OpenView } from '../../src/sandbox/index.ts'
import type { Desk } from './desk.ts'

/** The form that a command opens. */
export async function openForm(desk: Desk, who: string, command: string): Promise<OpenView> {
  const earlier = new Set(desk.slack.sandbox.snapshot().modals.map(({ id }) => id))
  await desk.command(who, command)
  return desk.slack.sandbox.until(({ modals }) =>
    modals.find(({ id, user }) => user === who && !earlier.has(id)),
  )
}

/** What is typed into the form that edits a policy which fits into one input. */
export const typedPolicy = (document: string, note = 'for a reason') => ({
  part_0: { text: { type: 'plain_text_input', value: document } },
  note: { text: { type: 'plain_text_input', value: note } },
})

export function submit(desk: Desk, who: string, view: OpenView, values: object): Promise<ActResult> {
  return desk.slack.sandbox.act({ do: 'submit', as: who, view_id: view.id, values: values as never })
}

/** The form as it is now, as text; undefined once it is closed. */
export function shown(desk: Desk, view: OpenView): string | undefined {
  return JSON.stringify(desk.slack.sandbox.snapshot().modals.find(({ id }) => id === view.id))
}

/** Edits the policy as an admin does: looks at what it would do, then saves; the form as it is at last. */
export async function editPolicy(desk: Desk, who: string, document: string, note?: string): Promise<string> {
  const form = await openForm(desk, who, 'policy edit')
  for (const look of ['first', 'then']) {
    const result = await submit(desk, who, form, typedPolicy(document, note))
    if (!result.ok || result.errors) throw new Error(`${look}: ${JSON.stringify(result)}`)
  }
  return shown(desk, form) ?? ''
}
