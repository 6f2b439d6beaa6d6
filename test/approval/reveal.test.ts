import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { reveal } from '../../src/approval/reveal.ts'

describe('what cannot be seen is shown', () => {
  test.each<[string, string, string]>([
    ['zero width', 'ad\u200Bmin', 'ad⟨U+200B⟩min'],
    ['a turn of direction', 'invoice\u202Efdp.exe', 'invoice⟨U+202E⟩fdp.exe'],
    ['isolates', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
    ['a byte order mark', '\uFEFFx', '⟨U+FEFF⟩x'],
    ['control characters', 'a\u001B[31mb', 'a⟨U+001B⟩[31mb'],
    ['fillers', 'a\u3164b\u2800c\u115Fd', 'a⟨U+3164⟩b⟨U+2800⟩c⟨U+115F⟩d'],
    ['spaces of other widths', 'a\u2003b', 'a⟨U+2003⟩b'],
    ['selectors and tags without an emoji', 'a\uFE0Fb\u{E0041}', 'a⟨U+FE0F⟩b⟨U+E0041⟩'],
    ['private use', '\uE000', '⟨U+E000⟩'],
    ['a joiner between Latin letters', 'a\u200Db', 'a⟨U+200D⟩b'],
    ['strikes and underlines', 'n\u0336o\u0332', 'n⟨U+0336⟩o⟨U+0332⟩'],
    ['piles of marks', 'e\u0301\u0302\u0303\u0304\u0308', 'e\u0301\u0302\u0303⟨U+0304⟩⟨U+0308⟩'],
    ['a mark on nothing', '\u0301a', '⟨U+0301⟩a'],
    ['our own brackets', '⟨hidden⟩', '⟨U+27E8⟩hidden⟨U+27E9⟩'],
  ])('%s', (_what, text, seen) => expect(reveal(text)).toBe(seen))
})

describe('what looks like something else is marked', () => {
  test.each<[string, string, string]>([
    ['a Cyrillic letter in a Latin word', 'p\u0430ypal', 'p⟨\u0430 U+0430⟩ypal'],
    ['a Greek one', 'pay\u03BFne', 'pay⟨\u03BF U+03BF⟩ne'],
    ['a word of look-alikes alone', '\u0440\u0430\u0443', '⟨\u0440 U+0440⟩⟨\u0430 U+0430⟩⟨\u0443 U+0443⟩'],
    ['an account number', '\u0410\u0412\u0421123', '⟨\u0410 U+0410⟩⟨\u0412 U+0412⟩⟨\u0421 U+0421⟩123'],
    ['Greek in a Cyrillic word', '\u0434\u03BF\u043C', '\u0434⟨\u03BF U+03BF⟩\u043C'],
    ['a phonetic letter', 'g\u0251me', 'g⟨\u0251 U+0251⟩me'],
    [
      'letters of mathematics',
      'Say \u{1D5E5}\u{1D5F6}\u{1D600}\u{1D5F8}',
      'Say ⟨R U+1D5E5⟩⟨i U+1D5F6⟩⟨s U+1D600⟩⟨k U+1D5F8⟩',
    ],
    ['wide letters', '\uFF21\uFF22', '⟨A U+FF21⟩⟨B U+FF22⟩'],
    ['a slash that is none', 'a\u2215b', 'a⟨\u2215 U+2215⟩b'],
  ])('%s', (_what, text, seen) => expect(reveal(text)).toBe(seen))
})

describe('what people write stays as it is', () => {
  test.each([
    'Refund $240 to order 1881\n\tat once',
    'Überweisung für Zoë: 1\u202F240\u00A0€ – “bald”',
    'Возврат за заказ: оса и хор',
    'Επιστροφή χρημάτων',
    'החזר כספי להזמנה 1881',
    'استرداد المبلغ',
    'می\u200Cخواهم',
    'क्\u200Dष',
    'Tシャツを2枚返品',
    '환불 요청 ABC',
    'ＡＢＣを返品',
    '👩‍👩‍👧‍👦 ✅ ☎️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 🇩🇪',
    'naïve café, Đà Nẵng, Türkçe ılık',
    'Wi-Fi-сеть, SQL-запрос',
    'x² + y² = 10 m² ™ №1',
  ])('%s', (text) => expect(reveal(text)).toBe(text))
})

test('two texts that differ are shown differently, and nothing unseen is left', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 40 })
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      if (a !== b) expect(reveal(a)).not.toBe(reveal(b))
      expect(reveal(a)).not.toMatch(/[\p{Cf}\p{Co}]|(?![\n\t])\p{Cc}/u)
    }),
    { numRuns: 2_000 },
  )
})

test('what is to be hidden is, and the rest made visible', () => {
  expect(reveal('user\u200B:secret@host', [[6, 12]])).toBe('user⟨U+200B⟩:⟨hidden⟩@host')
})
