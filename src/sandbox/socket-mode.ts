import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { isRecord } from './blocks/check.ts'
import { ticket } from './identifiers.ts'

/** One thing for the app, as an envelope carries it. */
export type Envelope = (
  | { type: 'interactive' | 'events_api'; payload: unknown }
  | { type: 'slash_commands'; payload: Record<string, string> }
) & {
  accepts_response_payload: boolean
  retry_attempt?: number
  retry_reason?: string
}

/** `payload` is what the app sent along with its acknowledgement. */
export type EnvelopeAck = { acked: true; payload: unknown } | { acked: false; reason: 'timeout' | 'closed' }

export type SocketMode = {
  isOpen: () => boolean
  /** An address path below the base path, good for one connection. */
  newTicket: () => string
  /** Takes the connection, or closes it where the ticket is unknown. */
  accept: (given: string, req: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Sends to one of the open connections, in turn, and waits for its ack. */
  send: (envelope: Envelope, ack_ms: number) => Promise<EnvelopeAck>
  /** Asks every connection to come again, as Slack does from time to time. */
  refresh: () => void
  close: () => Promise<void>
}

/** Closes with the handshake that clients expect; one that does not answer is cut off. */
async function farewell(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close')
  const timer = setTimeout(() => socket.terminate(), 500)
  socket.close(1001)
  await closed
  clearTimeout(timer)
}

/** The server's side of Socket Mode (apis/events-api/using-socket-mode). */
export function createSocketMode(app_id: string): SocketMode {
  const server = new WebSocketServer({ noServer: true })
  const tickets = new Set<string>()
  const open = new Set<WebSocket>()
  const waiting = new Map<string, (ack: EnvelopeAck) => void>()

  function acknowledged(data: string) {
    let message: unknown
    try {
      message = JSON.parse(data)
    } catch {
      return
    }
    if (!isRecord(message)) return
    waiting.get(String(message['envelope_id']))?.({ acked: true, payload: message['payload'] })
  }

  function welcome(socket: WebSocket) {
    open.add(socket)
    socket.on('message', (data: Buffer) => acknowledged(data.toString()))
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.terminate())
    socket.send(JSON.stringify({ type: 'hello', num_connections: open.size, connection_info: { app_id } }))
  }

  function part(reason: string) {
    for (const socket of open) {
      open.delete(socket)
      socket.send(JSON.stringify({ type: 'disconnect', reason }))
    }
  }

  return {
    isOpen: () => open.size > 0,
    newTicket() {
      const secret = ticket()
      tickets.add(secret)
      return secret
    },
    accept(given, req, socket, head) {
      if (!tickets.delete(given)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        return
      }
      server.handleUpgrade(req, socket, head, welcome)
    },
    async send(envelope, ack_ms) {
      const [socket] = open
      if (!socket) return { acked: false, reason: 'closed' }
      // The next envelope goes to the next connection: the set keeps the order of insertion.
      open.delete(socket)
      open.add(socket)
      const envelope_id = crypto.randomUUID()
      return await new Promise<EnvelopeAck>((resolve) => {
        const settle = (ack: EnvelopeAck) => {
          clearTimeout(timer)
          waiting.delete(envelope_id)
          socket.off('close', closed)
          resolve(ack)
        }
        const closed = () => settle({ acked: false, reason: 'closed' })
        const timer = setTimeout(() => settle({ acked: false, reason: 'timeout' }), ack_ms)
        waiting.set(envelope_id, settle)
        socket.on('close', closed)
        socket.send(JSON.stringify({ envelope_id, ...envelope }))
      })
    },
    refresh: () => part('refresh_requested'),
    async close() {
      part('link_disabled')
      await Promise.all([...server.clients].map(farewell))
      server.close()
    },
  }
}
