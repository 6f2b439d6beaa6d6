import type { SlackObject } from '../protocol.ts'
import { avatar } from './avatar.ts'
import type { Child } from './dom.ts'
import { h } from './dom.ts'
import { icon } from './icons.ts'
import { object, objects, string, strings, words } from './slack-object.ts'
import type { Slot } from './surface.ts'
import { drawText } from './text-object.ts'
import { bare } from './buttons.ts'

/** What a select offers: an id that is unique in it, the value sent to the app, and how it looks. */
export type Offer = {
  id: string
  value: unknown
  words: string
  group?: string | undefined
  draw: () => Child[]
}

/** Everything a select of any kind offers. `external_select` has nothing: its options are the app's to give. */
export function offers(slot: Slot): Offer[] {
  const { directory } = slot.surface
  const kind = kindOf(slot.element)
  if (kind === 'users') {
    return directory.humans.map((person) => ({
      id: person.id,
      value: person.id,
      words: `${person.real_name} ${person.name}`,
      draw: () => [
        avatar(person, 'small'),
        h('strong', {}, person.real_name),
        h('span', { class: 'soft' }, person.title),
      ],
    }))
  }
  if (kind === 'channels' || kind === 'conversations') {
    return [...directory.joined, ...directory.others].map((channel) => ({
      id: channel.id,
      value: channel.id,
      words: channel.name,
      draw: () => [icon(channel.is_private ? 'lock' : 'hash'), channel.name],
    }))
  }
  const groups = objects(slot.element, 'option_groups')
  if (groups.length === 0)
    return objects(slot.element, 'options').map((option, index) => offer(slot, option, `${index}`))
  return groups.flatMap((group, outer) =>
    objects(group, 'options').map((option, inner) =>
      offer(slot, option, `${outer}.${inner}`, words(group, 'label')),
    ),
  )
}

function offer(slot: Slot, option: SlackObject, id: string, group?: string): Offer {
  const draw = () => {
    const description = object(option, 'description')
    return [
      h(
        'span',
        {},
        drawText(object(option, 'text'), slot.surface.directory),
        description &&
          h('small', { class: 'option-description' }, drawText(description, slot.surface.directory)),
      ),
    ]
  }
  return { id, value: bare(option), words: words(option, 'text'), group, draw }
}

type Kind = 'static' | 'external' | 'users' | 'conversations' | 'channels'

export function kindOf(element: SlackObject): Kind {
  const name = element.type.replace('multi_', '').replace('_select', '')
  return name === 'users' || name === 'conversations' || name === 'channels' || name === 'external'
    ? name
    : 'static'
}

const one = {
  static: 'option',
  external: 'option',
  users: 'user',
  conversations: 'conversation',
  channels: 'channel',
}

/** The name under which Slack sends the choice: `selected_option`, `selected_users`, … */
export function valueName(element: SlackObject): string {
  return `selected_${one[kindOf(element)]}${element.type.startsWith('multi_') ? 's' : ''}`
}

/** What the app chose beforehand, or what had been chosen before it updated the view. */
export function initialValues(element: SlackObject, held: Record<string, unknown> | undefined): unknown[] {
  const from = held ?? element
  const name = held ? valueName(element) : valueName(element).replace('selected', 'initial')
  if (element.type.startsWith('multi_')) {
    return kindOf(element) === 'static' || kindOf(element) === 'external'
      ? objects(from, name).map(bare)
      : strings(from, name)
  }
  const value = object(from, name) ? bare(object(from, name)) : string(from, name)
  return value ? [value] : []
}

export function selectlike(element: SlackObject): boolean {
  return /^(multi_)?(static|external|users|conversations|channels)_select$/.test(element.type)
}
