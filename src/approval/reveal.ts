import { codePoint, markLookAlikes } from './look-alikes.ts'

/** Texts of these characters alone are what they look like. */
const ordinary = /^[\x20-\x7E\n\t]*$/

/**
 * Emoji, as Unicode recommends them for interchange: the joiners, selectors and tags in them are seen by what they do.
 */
const emoji = /\p{RGI_Emoji}/v

/**
 * Characters that show nothing, turn the reading direction or mean whatever a font makes of them; spaces that are not
 * what they look like; marks that strike, underline or enclose; and our own brackets, so that nobody else's text can look
 * like a sign of ours. Line breaks and tabs stay, and the spaces of ordinary typography.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Me}\u2800\u1680\u2000-\u200A\u205F⟨⟩]|\p{M}(?<=[\u0305\u0332-\u0338\u033F\u20D0-\u20F0])/u

const emojiOrUnseen = new RegExp(`${emoji.source}|${unseen.source}`, 'gv')

/** A joiner inside a word of a script that is written with joiners. */
const joined =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]$/u

/** Marks that pile up on a letter, or have none to stand on: what is drawn leaves its line. */
const piled = /(?<=\p{M}{3})\p{M}|(?<=^|\s)\p{M}/gu

/** The sign for something whose value nobody is shown. */
export const hidden = '⟨hidden⟩'

/** Part of a text, from one position to another, in UTF-16 code units. */
export type Span = [from: number, to: number]

/**
 * Makes a text that an agent or a stranger wrote fit to be shown: what cannot be seen, or looks like something else, stands
 * as `⟨U+202E⟩` or `⟨а U+0430⟩`. Two texts that differ are shown differently.
 *
 * @param spans what is not to be shown at all, in order and apart
 */
export function reveal(text: string, spans: readonly Span[] = []): string {
  return without(text, spans, visible)
}

/** A text without those parts of it, and what is left of it as `write` has it. */
export function without(text: string, spans: readonly Span[], write = (part: string) => part): string {
  let from = 0
  const parts = spans.map(([start, end]) => {
    const part = write(text.slice(from, start))
    from = end
    return part + hidden
  })
  return parts.join('') + write(text.slice(from))
}

function visible(text: string): string {
  if (ordinary.test(text)) return text
  const seen = text.replace(emojiOrUnseen, (found, at: number) => {
    if (found === '\n' || found === '\t' || emoji.test(found)) return found
    if ((found === '\u200C' || found === '\u200D') && joined.test(text.slice(Math.max(0, at - 2), at)))
      return found
    return code(found)
  })
  return markLookAlikes(seen.replace(piled, code))
}

function code(character: string): string {
  return `⟨${codePoint(character)}⟩`
}
