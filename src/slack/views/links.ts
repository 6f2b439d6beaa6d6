import type { RichTextElement } from '@slack/types'
import { hidden } from '../../approval/reveal.ts'
import { code, plain } from './text.ts'

const longestHost = 60
/** Slack takes no longer address in a link. */
const longestUrl = 3_000

/** A whole address, as it is looked up and with nothing in it that could look like something else. */
export function addressOf(url: string): string {
  return new URL(url).href.replace(encodeURI(hidden), hidden)
}

/**
 * An address that can be followed, under the name of its real host: what an agent calls it is never what is clicked. A name
 * in other letters stands as it is looked up (`xn--…`), and of a long one the end, which says whose it is.
 */
export function link(url: string): RichTextElement[] {
  const { host, href } = new URL(url)
  const name = host.length > longestHost ? `…${host.slice(1 - longestHost)}` : host
  if (href.length > longestUrl) return [code(name), plain(' (too long to be followed from here)')]
  return [{ type: 'link', url: href, text: `${name} ↗` }]
}
