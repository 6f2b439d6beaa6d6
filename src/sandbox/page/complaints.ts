import { h, keyed } from './dom.ts'
import { icon } from './icons.ts'
import { go } from './route.ts'
import type { Part, Scene } from './scene.ts'
import { clockTime } from './time.ts'

/** The side panel with what Slack would have refused, newest first. */
export function createComplaints(): Part {
  const list = h('div', { class: 'complaint-list', role: 'log', 'aria-label': 'Complaints', tabindex: 0 })
  const element = h(
    'aside',
    { class: 'panel', 'aria-label': 'Complaints' },
    h(
      'header',
      { class: 'panel-head' },
      h('h2', {}, 'Complaints'),
      h('span', { class: 'panel-where' }, 'what Slack would refuse'),
      h(
        'button',
        {
          class: 'close',
          type: 'button',
          'aria-label': 'Close complaints',
          onclick: () => go({ panel: '' }),
        },
        icon('close'),
      ),
    ),
    list,
  )

  function update({ snapshot, directory, route }: Scene): void {
    element.hidden = route.panel !== 'complaints'
    if (element.hidden) return
    const rows = snapshot.complaints.map((complaint, index) => ({
      key: String(index),
      signature: JSON.stringify(complaint),
      build: () =>
        h(
          'div',
          { class: 'complaint' },
          icon('warning'),
          h('div', { class: 'complaint-what' }, complaint.what),
          h(
            'time',
            { class: 'soft', datetime: complaint.at },
            clockTime(new Date(complaint.at), directory.me.tz),
          ),
          h('div', { class: 'complaint-detail' }, complaint.detail),
        ),
    }))
    keyed(list, rows.length > 0 ? rows.toReversed() : [{ key: 'none', signature: '', build: nothing }])
  }

  return { element, update }
}

function nothing(): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    icon('shield'),
    h('h3', {}, 'Nothing to complain about'),
    h(
      'p',
      {},
      'This workspace is as strict as Slack. What it refuses, or has to wait too long for, is listed here.',
    ),
  )
}
