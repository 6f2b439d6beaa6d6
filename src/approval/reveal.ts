/**
 * Characters that show nothing, or turn the reading direction: with them a text can say one thing and show another.
 * Line breaks and tabs stay. (Unicode general categories Cc and Cf, and the fillers that render as blanks.)
 */
const unseen = /[\p{Cc}\p{Cf}\u115F\u1160\u3164\uFFA0\u2028\u2029]/gu

const endsInEmoji = /(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u
const startsWithEmoji = /^\p{Extended_Pictographic}/u

/** Makes what cannot be seen visible, as `⟨U+202E⟩`. For every text that an agent or a stranger wrote. */
export function reveal(text: string): string {
  return text.replace(unseen, (character, at: number) => {
    if (character === '\n' || character === '\t') return character
    // It joins emoji into one: there it is seen by what it does.
    if (
      character === '\u200D' &&
      endsInEmoji.test(text.slice(0, at)) &&
      startsWithEmoji.test(text.slice(at + 1))
    )
      return character
    return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}
