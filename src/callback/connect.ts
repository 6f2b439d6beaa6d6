import { lookup as dnsLookup } from 'node:dns'
import type { LookupAddress, LookupAllOptions } from 'node:dns'
import { connect as tcpConnect, isIP } from 'node:net'
import type { LookupFunction, Socket, TcpNetConnectOpts } from 'node:net'
import { buildConnector } from 'undici'

/** The connection was not made, or was ended before a byte was sent, because `address` may not be called. */
export class AddressRefused extends Error {
  override name = 'AddressRefused'
  readonly address: string
  constructor(reason: string, address: string) {
    super(reason)
    this.address = address
  }
}

/** `dns.lookup`'s form with `all: true`. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** `net.connect`'s form: it begins to connect and returns the socket. */
export type Dial = (options: TcpNetConnectOpts) => Socket

export type ConnectorSetting = {
  /** Null where the address may be called, otherwise why not. */
  judge: (address: string) => string | null
  /** Told the address once connected to. */
  connected: (address: string) => void
  /** Ends a connection that is still being made. */
  signal: AbortSignal
  lookup?: Lookup | undefined
  dial?: Dial | undefined
}

/**
 * A connector for undici that judges every address at each of the three places where one turns up: written in the URL
 * (no lookup is made for it), among the name's addresses (one bad one refuses the name: the next lookup might well
 * give only that), and at the far end of the socket, before TLS says hello. The name is looked up once, and what was
 * judged is what is dialled, so that a name cannot change in between.
 */
export function guardedConnector(setting: ConnectorSetting): buildConnector.connector {
  const { judge, connected, signal, lookup = dnsLookup, dial = tcpConnect } = setting
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would switch verification off.
  const secure = buildConnector({ allowH2: false, timeout: 0, rejectUnauthorized: true })

  const refusal = (address: string) => {
    const reason = judge(address)
    return reason === null ? null : new AddressRefused(reason, address)
  }

  const judgedLookup: LookupFunction = (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      for (const { address } of addresses) {
        const refused = refusal(address)
        if (refused) return callback(refused, [])
      }
      callback(null, addresses)
    })

  return (options, callback) => {
    const written = isIP(options.hostname) ? refusal(options.hostname) : null
    if (written) return callback(written, null)

    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
    const socket = dial({
      host: options.hostname,
      port,
      lookup: judgedLookup,
      autoSelectFamily: true,
      noDelay: true,
    })
    const abort = () => socket.destroy()
    signal.addEventListener('abort', abort, { once: true })
    socket.once('close', () => signal.removeEventListener('abort', abort))
    // Stays for the socket's life: an error after the handover reaches undici by its own listener.
    let handed = false
    socket.on('error', (error) => {
      if (!handed) callback(error, null)
      handed = true
    })
    socket.once('connect', () => {
      const address = socket.remoteAddress
      const refused = address ? refusal(address) : closedAlready()
      if (!address || refused) {
        socket.destroy(refused ?? undefined)
        return
      }
      connected(address)
      handed = true
      if (options.protocol === 'https:') secure({ ...options, httpSocket: socket }, callback)
      else callback(null, socket)
    })
  }
}

/** A socket that the other side has reset by the time we look has no far end to judge. */
function closedAlready(): Error {
  return Object.assign(new Error('connection reset'), { code: 'ECONNRESET' })
}
