import type { Directory } from './directory.ts'
import { h, link } from './dom.ts'
import { go } from './route.ts'
import { fillDate, fullTime } from './time.ts'

/** Mentions and dates, which mrkdwn and rich text spell differently and Slack draws alike. */
export function mentionUser(id: string, directory: Directory): HTMLElement {
  const person = directory.person(id)
  const name = person ? `@${person.is_bot ? directory.team.app_name : person.real_name}` : `@${id}`
  return h(
    'span',
    { class: `mention ${id === directory.me.id ? 'mention-me' : ''}`, title: person?.title },
    name,
  )
}

export function mentionChannel(id: string, directory: Directory): HTMLElement {
  const channel = directory.channel(id)
  if (!channel) return h('span', { class: 'mention' }, `#${id}`)
  return h('button', { class: 'mention', type: 'button', onclick: () => go({ in: id }) }, `#${channel.name}`)
}

export function mentionGroup(id: string, directory: Directory, label?: string): HTMLElement {
  const group = directory.group(id)
  const mine = group?.users.includes(directory.me.id) ?? false
  const name = group ? `@${group.handle}` : (label ?? `@${id}`)
  return h('span', { class: `mention ${mine ? 'mention-me' : ''}`, title: group?.name }, name)
}

/** @param range `here`, `channel` or `everyone` */
export function mentionAll(range: string): HTMLElement {
  return h('span', { class: 'mention mention-me' }, `@${range}`)
}

export type DateMark = {
  seconds: number
  format: string
  url?: string | undefined
  fallback?: string | undefined
}

export function drawDate(mark: DateMark, directory: Directory): HTMLElement {
  const at = new Date(mark.seconds * 1000)
  const tz = directory.me.tz
  const text = fillDate(mark.format, at, tz)
  if (text === '') return h('span', {}, mark.fallback ?? '')
  const time = h('time', { datetime: at.toISOString(), title: fullTime(at, tz) }, text)
  return mark.url ? link(mark.url, time) : time
}
