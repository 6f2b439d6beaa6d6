/**
 * Letters that look like those of another script, after Unicode's rules for mixed scripts and its table of confusable
 * characters (UTS #39). Written down in docs/decisions/0027.
 */

const word = /[\p{L}\p{M}\p{N}]+/gu
const ascii = /[A-Za-z]/
const latin = /\p{Script=Latin}/u

/** Scripts that ordinary writing mixes with Latin letters, and letters that belong to no script. */
const mixed =
  /[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}\p{M}\p{N}]/u

/** Latin letters that are not for writing words but for phonetics and the like: beside ordinary ones they pose as them. */
const phonetic = /[\u0250-\u02AF\u1D00-\u1DBF\u2C60-\u2C7F\uA720-\uA7FF\uAB30-\uAB6F]/u

/** Of each script the letters that look like Latin ones. */
const lookAlikes: { script: RegExp; posing: RegExp }[] = [
  {
    script: /\p{Script=Cyrillic}/u,
    posing: /^[АВЕЅІЈКМНОРСТУХҮӀԌԚԜҺавгеѕіјорсухһүӏԁԛԝь\p{M}\p{N}]+$/u,
  },
  { script: /\p{Script=Greek}/u, posing: /^[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿαγικνορσυχϲϳ\p{M}\p{N}]+$/u },
  { script: /\p{Script=Armenian}/u, posing: /^[ՍՕԼաօոսցհզյ\p{M}\p{N}]+$/u },
  { script: /\p{Script=Cherokee}/u, posing: /^[\p{Script=Cherokee}\p{M}\p{N}]+$/u },
  { script: /\p{Script=Lisu}/u, posing: /^[\p{Script=Lisu}\p{M}\p{N}]+$/u },
  { script: /\p{Script=Coptic}/u, posing: /^[\p{Script=Coptic}\p{M}\p{N}]+$/u },
]

/** Letters of mathematics and enclosed ones, which make plain text look bold, italic or like a button. */
const styled =
  /[\u2102\u2107\u210A-\u2113\u2115\u2118-\u211D\u2124\u2128\u212A-\u212D\u212F-\u2134\u2139\u2145-\u2149\u24B6-\u24E9\u{1D400}-\u{1D7FF}\u{1F110}-\u{1F189}\u{1FBF0}-\u{1FBF9}]/gu

/** Wide forms of ASCII characters, which belong into Chinese, Japanese and Korean text. */
const wide = /[\uFF01-\uFF5E]/gu
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Signs that look like those which addresses and numbers are made of. */
const signs = /[\u2024\u2044\u2215\u2236\u29F8\uA789]/gu

/** Letters that pose as others stand with their number, `p⟨а U+0430⟩ypal`. */
export function markLookAlikes(text: string): string {
  const plain = text.replace(styled, numbered).replace(signs, numbered)
  const east = eastAsian.test(plain) ? plain : plain.replace(wide, numbered)
  const words = new Set(east.match(word))
  // In a text that has words which can only be of their script, short ones of it are no surprise.
  const posing = lookAlikes.filter(({ script, posing }) => {
    const own = [...words].filter((one) => script.test(one) && !ascii.test(one))
    return own.length > 0 && own.every((one) => posing.test(one))
  })
  return east.replace(word, (one) => marked(one, posing))
}

function marked(one: string, posing: typeof lookAlikes): string {
  if (/^[A-Za-z0-9]*$/.test(one)) return one
  if (ascii.test(one)) return each(one, (letter) => !mixed.test(letter) || phonetic.test(letter))
  if (latin.test(one)) return each(one, (letter) => !mixed.test(letter))
  const scripts = lookAlikes.filter(({ script }) => script.test(one))
  const [first, second] = scripts
  if (!first) return one
  // Cyrillic and Greek in one word: what is not of the first letter's script.
  if (second) {
    const own = scripts.find(({ script }) => script.test(Array.from(one)[0] ?? '')) ?? first
    return each(one, (letter) => !own.script.test(letter) && !/[\p{M}\p{N}]/u.test(letter))
  }
  return posing.includes(first) ? each(one, (letter) => first.script.test(letter)) : one
}

function each(one: string, poses: (letter: string) => boolean): string {
  return Array.from(one, (letter) => (poses(letter) ? numbered(letter) : letter)).join('')
}

function numbered(letter: string): string {
  // What it looks like: of a bold 𝗥 that is R.
  const seen = letter.normalize('NFKC')
  return `⟨${seen} ${codePoint(letter)}⟩`
}

/** `U+202E`. */
export function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}
