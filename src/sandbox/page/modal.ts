import type { ActResult, OpenView, ViewValues } from '../protocol.ts'
import { drawBlocks } from './blocks.ts'
import { h } from './dom.ts'
import { trapFocus } from './focus.ts'
import { icon } from './icons.ts'
import { showErrors } from './input-block.ts'
import { press } from './press.ts'
import type { Do, Part, Scene } from './scene.ts'
import { objects, words } from './slack-object.ts'
import { readFields } from './surface.ts'
import type { Fields, Surface } from './surface.ts'

type Drawn = {
  open: OpenView
  element: HTMLElement
  fields: Fields
  setErrors: (errors: Record<string, string>) => void
}

/**
 * The person's open views. The topmost is shown; those below keep what was typed into them. The stage covers the
 * workspace but not the bar above it: one may become somebody else while a modal is open, to see what they see.
 */
export function createModals(act: Do, behind: () => HTMLElement): Part {
  const edges = h('div', { class: 'stack-edges' })
  const frame = h('div', { class: 'stage-frame' }, edges)
  const element = h('div', { class: 'stage', hidden: true }, frame)
  const drawn = new Map<string, Drawn>()
  let before: Element | null = null
  let top = ''
  trapFocus(element)

  function update(scene: Scene): void {
    const mine = scene.snapshot.modals.filter((view) => view.user === scene.directory.me.id)
    for (const [id, view] of drawn) {
      if (scene.snapshot.modals.some((open) => open.id === id)) continue
      view.element.remove()
      drawn.delete(id)
    }
    for (const open of mine) draw(open, scene)
    const last = mine.at(-1)
    for (const [id, view] of drawn) view.element.hidden = id !== last?.id
    edges.className = `stack-edges depth-${Math.min(mine.length, 3)}`

    const opening = element.hidden && last !== undefined
    if (opening) before = document.activeElement
    element.hidden = last === undefined
    behind().inert = last !== undefined
    if (last && last.id !== top) focusFirst(drawn.get(last.id)?.element)
    if (!last && before instanceof HTMLElement) {
      before.focus({ preventScroll: true })
      before = null
    }
    top = last?.id ?? ''
  }

  function draw(open: OpenView, scene: Scene): void {
    const known = drawn.get(open.id)
    if (known?.open.hash === open.hash) {
      if (JSON.stringify(known.open.errors) !== JSON.stringify(open.errors)) known.setErrors(open.errors)
      known.open = open
      return
    }
    const next = drawView(open, scene, act, known ? readFields(known.fields) : {})
    next.setErrors(open.errors)
    if (known) known.element.replaceWith(next.element)
    else frame.append(next.element)
    drawn.set(open.id, next)
    // What had the focus is gone with what it stood in.
    if (known && document.activeElement === document.body) focusFirst(next.element)
  }

  return { element, update }
}

function drawView(open: OpenView, scene: Scene, act: Do, held: ViewValues): Drawn {
  const { directory } = scene
  const { view, id } = open
  const as = open.user
  const fields: Fields = new Map()
  const surface: Surface = {
    directory,
    marks: { 'data-view-id': id },
    fields,
    held,
    act: (action_id, block_id, value) =>
      act({
        do: 'click_in_view',
        as,
        view_id: id,
        action_id,
        ...(block_id === undefined ? {} : { block_id }),
        ...(value === undefined ? {} : { value }),
        values: readFields(fields),
      }),
  }
  const close = () => act({ do: 'close', as, view_id: id })
  const general = h('div', { class: 'dialog-error', role: 'alert' })
  const submitWords = words(view, 'submit')
  const submit = h(
    'button',
    { class: 'button primary', type: 'submit' },
    h('span', { class: 'button-text' }, submitWords),
  )
  const cancel = h('button', { class: 'button', type: 'button' }, words(view, 'close') || 'Cancel')
  const cross = h('button', { class: 'close', type: 'button', 'aria-label': 'Close' }, icon('close'))
  cancel.addEventListener('click', () => void press(cancel, close))
  cross.addEventListener('click', () => void press(cross, close))
  const form = h(
    'form',
    { class: 'dialog-form', novalidate: true },
    h(
      'header',
      { class: 'dialog-head' },
      h('h2', { class: 'dialog-title', id: `title-${id}` }, words(view, 'title')),
      cross,
    ),
    h('div', { class: 'dialog-body' }, drawBlocks(objects(view, 'blocks'), surface), general),
    h(
      'footer',
      { class: 'dialog-foot' },
      h('span', { class: 'dialog-app' }, directory.team.app_name),
      cancel,
      submitWords !== '' && submit,
    ),
  )
  const element = h(
    'div',
    {
      class: 'dialog',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-labelledby': `title-${id}`,
      'data-view-id': id,
    },
    form,
  )

  const setErrors = (errors: Record<string, string>) => {
    general.textContent = showErrors(element, errors).join(' ')
    element.querySelector<HTMLElement>('.in-error [aria-describedby]')?.focus()
  }
  const send = async (): Promise<ActResult> => {
    const faults = missing(element, fields)
    setErrors(faults)
    if (Object.keys(faults).length > 0) return { ok: true }
    const result = await act({ do: 'submit', as, view_id: id, values: readFields(fields) })
    if (result.errors) setErrors(result.errors)
    else if (!result.ok)
      general.textContent = `We had some trouble connecting. Try again? (${result.error ?? 'no answer'})`
    // Said here, in the modal, and so not again in a note above it.
    return { ...result, ok: true }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void press(submit, send)
  })
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || element.querySelector(':popover-open')) return
    event.preventDefault()
    void press(cross, close)
  })
  return { open, element, fields, setErrors }
}

/** What Slack's client refuses before the app hears of it, by block_id. */
function missing(element: HTMLElement, fields: Fields): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const block of element.querySelectorAll<HTMLElement>('.block-input')) {
    const id = block.dataset['blockId'] ?? ''
    const optional = block.querySelector('.input-optional') !== null
    for (const field of fields.get(id)?.values() ?? []) {
      const fault = field.isEmpty()
        ? optional
          ? null
          : 'Please complete this required field.'
        : field.fault()
      if (fault) faults[id] = fault
    }
  }
  return faults
}

function focusFirst(element: HTMLElement | undefined): void {
  const field = element?.querySelector<HTMLElement>('input, textarea, .select, .dialog-body .button')
  const first =
    field ?? element?.querySelector<HTMLElement>('button[type=submit], .dialog-foot .button, .close')
  first?.focus()
}
