import { h, keyed } from './dom.ts'
import { icon } from './icons.ts'
import { press } from './press.ts'
import type { Do } from './scene.ts'
import { toast } from './toast.ts'

export type ComposerPlace = {
  me: string
  channel: string
  thread_ts?: string
  placeholder: string
  commands: string[]
  app_name: string
}

/** Where one writes. What starts with `/` is a command; a list of the app's commands opens while it is typed. */
export function createComposer(act: Do) {
  let place: ComposerPlace | undefined
  let active = 0
  const drafts = new Map<string, string>()
  const box = h('textarea', {
    class: 'composer-text',
    rows: 1,
    autocomplete: 'off',
    'aria-autocomplete': 'list',
  })
  const list = h('div', { class: 'suggestions', role: 'listbox', 'aria-label': 'Commands', hidden: true })
  const slash = h(
    'button',
    { class: 'tool slash', type: 'button', title: 'Commands', 'aria-label': 'Commands' },
    '/',
  )
  const send = h(
    'button',
    { class: 'send', type: 'button', 'aria-label': 'Send', disabled: true },
    icon('send'),
  )
  const hint = h('span', { class: 'composer-hint' }, h('b', {}, 'Shift + Enter'), ' for a new line')
  const element = h(
    'div',
    { class: 'composer' },
    list,
    h(
      'div',
      { class: 'composer-box' },
      box,
      h('div', { class: 'composer-foot' }, slash, h('span', { class: 'composer-space' }), hint, send),
    ),
  )

  const key = () => (place ? `${place.me} ${place.channel} ${place.thread_ts ?? ''}` : '')
  const matching = () =>
    place && /^\/\S*$/.test(box.value)
      ? place.commands.filter((command) => command.startsWith(box.value))
      : []

  function changed(): void {
    drafts.set(key(), box.value)
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight, 240)}px`
    send.disabled = box.value.trim() === ''
    suggest()
  }

  function suggest(): void {
    const commands = matching()
    active = Math.max(0, Math.min(active, commands.length - 1))
    list.hidden = commands.length === 0
    keyed(
      list,
      commands.map((command, index) => ({
        key: command,
        signature: `${index === active} ${place?.app_name}`,
        build: () =>
          h(
            'div',
            {
              class: `suggestion ${index === active ? 'active' : ''}`,
              role: 'option',
              'aria-selected': String(index === active),
              onmousedown: (event: Event) => {
                event.preventDefault()
                complete(command)
              },
            },
            h('span', { class: 'suggestion-sign' }, '/'),
            h('span', { class: 'suggestion-name' }, command),
            h('span', { class: 'suggestion-app' }, place?.app_name ?? ''),
          ),
      })),
    )
  }

  function complete(command: string): void {
    box.value = `${command} `
    changed()
    box.focus()
  }

  async function submit(): Promise<void> {
    const text = box.value.trim()
    if (!place || text === '') return
    const { me, channel, thread_ts, commands } = place
    const [command = '', ...rest] = text.split(/\s/)
    if (text.startsWith('/') && !commands.includes(command))
      return toast(`${command} is not a valid command.`)
    if (text.startsWith('/') && thread_ts) return toast(`${command} is not supported in threads. Sorry!`)
    box.value = ''
    changed()
    const result = await press(send, () =>
      text.startsWith('/')
        ? act({ do: 'command', as: me, channel, command, text: rest.join(' ').trim() })
        : act({ do: 'say', as: me, channel, text, ...(thread_ts ? { thread_ts } : {}) }),
    )
    if (result.ok || box.value !== '') return
    box.value = text
    changed()
  }

  box.addEventListener('input', changed)
  box.addEventListener('blur', () => (list.hidden = true))
  box.addEventListener('focus', suggest)
  box.addEventListener('keydown', (event) => {
    const commands = list.hidden ? [] : matching()
    const chosen = commands[active]
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      if (chosen && chosen !== box.value) complete(chosen)
      else void submit()
    } else if (event.key === 'Tab' && chosen) {
      event.preventDefault()
      complete(chosen)
    } else if (event.key === 'Escape') {
      list.hidden = true
    } else if (commands.length > 1 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      active = (active + (event.key === 'ArrowDown' ? 1 : commands.length - 1)) % commands.length
      suggest()
    }
  })
  send.addEventListener('click', () => void submit())
  slash.addEventListener('click', () => {
    box.focus()
    if (box.value === '') box.value = '/'
    changed()
  })

  /** Moves the composer to another place; what was written and not sent waits where it was. */
  function update(next: ComposerPlace): void {
    const before = key()
    place = next
    box.placeholder = next.placeholder
    box.setAttribute('aria-label', next.placeholder)
    if (before === key()) return
    box.value = drafts.get(key()) ?? ''
    changed()
    list.hidden = true
  }

  return { element, update, focus: () => box.focus() }
}
