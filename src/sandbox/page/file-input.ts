import type { ActResult } from '../protocol.ts'
import { base, read } from './connection.ts'
import { h } from './dom.ts'
import { icon } from './icons.ts'
import { press } from './press.ts'
import { number, objects, string, strings } from './slack-object.ts'
import { addField, heldValue, marksOf } from './surface.ts'
import type { Slot } from './surface.ts'

type Chosen = { id: string; name: string; size: number }

/** `file_input`: what is chosen is uploaded at once, as in Slack, and named below with a way to take it out again. */
export function fileInput(slot: Slot): HTMLElement {
  const { element, surface } = slot
  const most = number(element, 'max_files') ?? 10
  const types = strings(element, 'filetypes')
  let chosen: Chosen[] = objects(heldValue(slot) ?? {}, 'files').map((file) => ({
    id: string(file, 'id') ?? '',
    name: string(file, 'name') ?? '',
    size: number(file, 'size') ?? 0,
  }))
  const control = h('input', {
    class: 'file-choose',
    type: 'file',
    multiple: most > 1,
    accept: types.map((type) => `.${type}`).join(',') || undefined,
    ...marksOf(slot),
  })
  const list = h('ul', { class: 'file-list' })

  const draw = () => list.replaceChildren(...chosen.map(row))
  const row = (file: Chosen) => {
    const out = h('button', { class: 'close', type: 'button', 'aria-label': `Remove ${file.name}` })
    out.append(icon('close'))
    out.addEventListener('click', () => {
      chosen = chosen.filter(({ id }) => id !== file.id)
      draw()
    })
    return h('li', { class: 'file-row' }, `${file.name}, ${Math.ceil(file.size / 1024)} KB`, out)
  }
  control.addEventListener('change', () => {
    const picked = Array.from(control.files ?? [])
    // So that the same file, once changed on disk, can be chosen again.
    control.value = ''
    void press(control, async () => {
      for (const file of picked) {
        const sent = await send(surface.directory.me.id, file)
        if (!sent.ok || !sent.file) return sent
        chosen = [...chosen, sent.file].slice(-most)
        draw()
      }
      return { ok: true }
    })
  })
  draw()
  addField(slot, {
    read: () => ({ type: element.type, files: chosen }),
    isEmpty: () => chosen.length === 0,
    fault: () => null,
  })
  return h('div', { class: 'file-input' }, control, list)
}

async function send(user: string, file: File): Promise<ActResult & { file?: Chosen }> {
  const address = `${base}attach/${user}?${new URLSearchParams({ name: file.name })}`
  const answer = await read<ActResult & { file?: Chosen }>(fetch(address, { method: 'POST', body: file }))
  return answer ?? { ok: false, error: 'The workspace cannot be reached' }
}
