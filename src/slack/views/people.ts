import type { RichTextElement } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'

/** How people are named on a card: read from the workspace beforehand, because a view waits for nothing. */
export type People = {
  /** The workspace's own address, `https://acme.slack.com/`. */
  team_url: string
  /** Slack user id → name. */
  names: Record<string, string>
}

/**
 * A person's name with a link to the profile. A mention would ping its person each time a card is posted, and an agent
 * could ping anybody by naming them as the one who asked.
 */
export function person(people: People, slack_user_id: string): RichTextElement {
  return { type: 'link', url: `${people.team_url}team/${slack_user_id}`, text: nameOf(people, slack_user_id) }
}

export function nameOf(people: People, slack_user_id: string): string {
  return reveal(people.names[slack_user_id] ?? slack_user_id)
}
