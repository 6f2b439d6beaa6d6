import type { Act, ActResult, Snapshot } from '../protocol.ts'

/** The address of the workspace's server: this page's own, ending in a slash. */
export const base = location.pathname.endsWith('/') ? location.pathname : `${location.pathname}/`

/** Tells the server what a person does. A server that is away is an answer like any other, in words. */
export async function act(what: Act): Promise<ActResult> {
  const body = JSON.stringify(what)
  const asked = fetch(`${base}act`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const result = await read<ActResult>(asked)
  return result ?? { ok: false, error: 'The workspace cannot be reached' }
}

/** The JSON of an answer, in the shape that the protocol promises; null where there is none. */
export async function read<Shape>(asked: Promise<Response>): Promise<Shape | null> {
  try {
    const response = await asked
    // The server is this page's own: its word is taken for the shape. What apps put inside is not.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await response.json()) as Shape
  } catch {
    return null
  }
}

export type Connection = { refresh: () => void }

/** Pause between two fetches of the whole state: a burst of hundreds of messages draws a few times, not hundreds. */
const breath_ms = 60
const reconnect_ms = 1000

/**
 * Follows the workspace: `onSnapshot` for every new state, `onLink` when the link to the server is lost or found.
 * Changes that arrive while one state is being fetched lead to one more fetch, however many they are.
 */
export function follow(
  onSnapshot: (snapshot: Snapshot) => void,
  onLink: (online: boolean) => void,
): Connection {
  let fetching = false
  let again = false

  async function fetchState(): Promise<void> {
    const snapshot = await read<Snapshot>(fetch(`${base}state`, { cache: 'no-store' }))
    onLink(snapshot !== null)
    if (snapshot) onSnapshot(snapshot)
    else setTimeout(refresh, reconnect_ms)
  }

  function refresh(): void {
    if (fetching) {
      again = true
      return
    }
    fetching = true
    void fetchState().finally(() => {
      setTimeout(() => {
        fetching = false
        if (!again) return
        again = false
        refresh()
      }, breath_ms)
    })
  }

  function listen(): void {
    const stream = new EventSource(`${base}stream`)
    stream.addEventListener('open', refresh)
    stream.addEventListener('message', refresh)
    stream.addEventListener('error', () => {
      onLink(false)
      // The browser tries again by itself after a cut, but not after an answer that is no stream.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, reconnect_ms)
    })
  }

  listen()
  refresh()
  return { refresh }
}
