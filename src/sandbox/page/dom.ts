/** What an element is made of: attributes, and listeners under `on…`. `undefined`, `null` and `false` are left out. */
export type Props = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
export type Child = Node | string | null | undefined | false

/**
 * Makes an element. Text only ever becomes text nodes: what agents write is hostile, and there is no way from here to
 * markup. For the same reason an address that is not http(s) or mailto is dropped, and inline styles are refused.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (name === 'style' || name.startsWith('on'))
      throw new TypeError(`attribute ${name} is not allowed`)
    else if (name === 'href' || name === 'src') setAddress(element, name, String(value))
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  append(element, children)
  return element
}

export function append(parent: Node, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child)
  }
}

export function fragment(...children: Child[]): DocumentFragment {
  const result = document.createDocumentFragment()
  append(result, children)
  return result
}

/** A link as Slack opens it: in a new tab, without telling the other side where it came from. */
export function link(url: string, ...children: Child[]): HTMLElement {
  if (!isSafeAddress(url)) return h('span', {}, ...children)
  return h(
    'a',
    { class: 'link', href: url, title: url, target: '_blank', rel: 'noopener noreferrer' },
    ...children,
  )
}

export function isSafeAddress(url: string): boolean {
  return ['http:', 'https:', 'mailto:'].includes(URL.parse(url)?.protocol ?? '')
}

/** Whether an address, also a path, is on the workspace's own server. */
export function isOwnAddress(url: string): boolean {
  return url !== '' && URL.parse(url, location.href)?.origin === location.origin
}

function setAddress(element: Element, name: string, value: string): void {
  if (isSafeAddress(value) || isOwnAddress(value)) element.setAttribute(name, value)
}

export type Row = {
  key: string
  /** While this stays the same the element on screen is kept, with its focus and what was typed into it. */
  signature: string
  build: () => Element
}

const drawn = new WeakMap<Element, { key: string; signature: string }>()

/** Makes `parent` hold exactly `rows`, in order, and touches only what changed. */
export function keyed(parent: Element, rows: Row[]): void {
  const wanted = new Map(rows.map((row) => [row.key, row]))
  const kept = new Map<string, Element>()
  for (const element of Array.from(parent.children)) {
    const mark = drawn.get(element)
    const row = mark && wanted.get(mark.key)
    if (!mark || !row || kept.has(mark.key)) {
      element.remove()
    } else if (mark.signature === row.signature) {
      kept.set(mark.key, element)
    } else {
      const focused = element.contains(document.activeElement)
      const next = build(row)
      element.replaceWith(next)
      // Someone working by keyboard must not be thrown back to the top of the page by an update.
      if (focused && next instanceof HTMLElement) next.focus({ preventScroll: true })
      kept.set(mark.key, next)
    }
  }
  let cursor = parent.firstElementChild
  for (const row of rows) {
    const element = kept.get(row.key) ?? build(row)
    if (element === cursor) cursor = cursor.nextElementSibling
    else parent.insertBefore(element, cursor)
  }
}

function build(row: Row): Element {
  const element = row.build()
  drawn.set(element, { key: row.key, signature: row.signature })
  return element
}
