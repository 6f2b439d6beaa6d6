import type { ActResult } from '../protocol.ts'
import { toast } from './toast.ts'

/** A control is busy until the app has acknowledged; a second press meanwhile does nothing, as in Slack. */
export async function press(control: HTMLElement, send: () => Promise<ActResult>): Promise<ActResult> {
  if (control.getAttribute('aria-busy') === 'true') return { ok: true }
  control.setAttribute('aria-busy', 'true')
  try {
    const result = await send()
    if (!result.ok && !result.errors) toast(result.error ?? 'Something went wrong')
    return result
  } finally {
    control.removeAttribute('aria-busy')
  }
}
