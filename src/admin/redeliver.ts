import { redeliver as redeliverInFlow, type Redelivery, type Which } from '../flow/redeliver.ts'
import type { Refused } from './agents.ts'
import type { AdminParts, By } from './index.ts'

/** @returns why not, in words, where there is no such approval */
export async function redeliver(
  parts: AdminParts,
  approval_id: string,
  which: Which,
  by: By,
): Promise<Redelivery | Refused> {
  const redelivery = await redeliverInFlow(parts, approval_id, which, by)
  return redelivery ?? { refused: `There is no request ${approval_id}` }
}

/** What came of it, in a sentence or two. */
export function redeliveryWords({ queued, pending, delivered }: Redelivery): string {
  const again =
    queued === 0
      ? 'No callback was queued again'
      : queued === 1
        ? '1 callback was queued again'
        : `${queued} callbacks were queued again`
  const left = [
    pending > 0 ? `${pending} still on the way` : null,
    delivered > 0 ? `${delivered} delivered before` : null,
  ].filter((part) => part !== null)
  if (left.length > 0) return `${again}; ${left.join(', ')}.`
  return queued === 0 ? `${again}: it has none.` : `${again}.`
}
