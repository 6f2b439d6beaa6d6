/**
 * Where one is, kept in the address after `#`, so that it survives a reload, goes back with the Back button, and two
 * windows can be two people: `#as=U_BOB&in=C_FINANCE&thread=1760000000.000100`.
 */
export type Route = {
  as: string
  /** A channel id, or `home` for the app's Home tab. */
  in: string
  thread: string
  panel: '' | 'complaints'
}

const last = 'sandbox.route'

export function readRoute(): Route {
  const written = location.hash.length > 1 ? location.hash.slice(1) : (localStorage.getItem(last) ?? '')
  const params = new URLSearchParams(written)
  return {
    as: params.get('as') ?? '',
    in: params.get('in') ?? '',
    thread: params.get('thread') ?? '',
    panel: params.get('panel') === 'complaints' ? 'complaints' : '',
  }
}

/** Goes somewhere: what is not named stays, except that the side panel closes with the channel it belongs to. */
export function go(to: Partial<Route>): void {
  const from = readRoute()
  const leaves = (to.in !== undefined && to.in !== from.in) || (to.as !== undefined && to.as !== from.as)
  const next = { ...from, ...(leaves ? { thread: '' } : {}), ...to }
  const params = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ''))
  localStorage.setItem(last, params.toString())
  location.hash = params.toString()
}
