import type { SlackParts } from '../context.ts'
import { judge, type AfterAck, type Click } from './click.ts'

export async function extend(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { refusal } = await judge(parts, click, (by, membership) => {
    const { approval_id, ...card } = click.ticket
    return parts.flow.extend(approval_id, { by, membership, ...card })
  })
  return { tell: refusal }
}
