import type { Person } from '../protocol.ts'
import { h } from './dom.ts'

const hues = 8

/** A person's picture: their initials on a colour that stays theirs. */
export function avatar(person: Person | undefined, size: 'small' | 'medium'): HTMLElement {
  const name = person?.real_name || person?.name || '?'
  const kind = person?.is_bot ? 'avatar-app' : `hue-${hueOf(person?.id ?? '')}`
  return h(
    'span',
    { class: `avatar avatar-${size} ${kind}`, 'aria-hidden': 'true' },
    initials(name, person?.is_bot),
  )
}

function initials(name: string, isBot = false): string {
  const letters = name.split(/\s+/).map((word) => firstCharacter(word))
  return (isBot ? letters.slice(0, 1) : [letters[0], letters.length > 1 ? letters.at(-1) : ''])
    .join('')
    .toUpperCase()
}

function firstCharacter(word: string): string {
  return String.fromCodePoint(word.codePointAt(0) ?? 0x3f)
}

function hueOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % hues
}
