import type { SlackParts } from '../context.ts'
import { tellPrivately, vote, type Click } from './click.ts'

export async function approve(parts: SlackParts, click: Click): Promise<void> {
  const { refusal } = await vote(parts, 'vote', 'approve', click, null)
  if (refusal !== null) await tellPrivately(parts, click, refusal)
}
