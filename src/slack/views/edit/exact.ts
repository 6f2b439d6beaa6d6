import type { Json } from '../../../approval/approval.ts'
import { writeJson } from '../../../json/write.ts'
import { reveal } from '../../../approval/reveal.ts'

// What is typed into Slack is not always what Slack hands on: it draws emoji by names of its own, and browsers do what they
// like with line ends and with what cannot be seen. A value that nobody touched must come back as it was.

const drawnBySlack = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/u

/** Whether a text shows all that is in it, and comes back from an input as it went in. */
export function isExactlyShown(text: string): boolean {
  // What is asked first is fast: making visible is not, least of all emoji.
  return !drawnBySlack.test(text) && !text.includes('\t') && text.trim() === text && reveal(text) === text
}

/**
 * JSON, laid out to be edited. What a text could not show exactly stands in it as an escape, which means the same. Null
 * where it has more characters than `most`.
 */
export function editableJson(value: Json, most: number): string | null {
  // Written without room it is no longer than laid out, and fast.
  if (JSON.stringify(value).length > most) return null
  const written = new Map<string, string>([['\n', '\n']])
  const text = Array.from(writeJson(value, 2), (character) => {
    const known =
      written.get(character) ?? (isExactlyShown(`.${character}.`) ? character : escaped(character))
    written.set(character, known)
    return known
  }).join('')
  return text.length > most ? null : text
}

function escaped(character: string): string {
  const unit = (at: number) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  return character.length === 1 ? unit(0) : unit(0) + unit(1)
}
