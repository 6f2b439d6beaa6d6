import type { SlackParts } from '../context.ts'
import { vote, type AfterAck, type Click } from './click.ts'

export async function approve(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { refusal } = await vote(parts, 'vote', 'approve', click, null)
  return { tell: refusal }
}
