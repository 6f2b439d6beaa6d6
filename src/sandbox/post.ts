import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { ClientRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export type Posted =
  | { ok: true; status: number; headers: Record<string, unknown>; body: string }
  | { ok: false; reason: 'timeout' | 'unreachable'; detail: string }

const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) }

/**
 * POSTs `body` and waits for the whole answer, at most `timeout_ms` of real time. `node:http` sends the media type to the
 * letter, where `fetch` might add a charset that Bolt refuses.
 */
export function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  timeout_ms: number,
): Promise<Posted> {
  const secure = url.startsWith('https:')
  const send = secure ? httpsRequest : httpRequest
  const signal = AbortSignal.timeout(timeout_ms)

  const attempt = () =>
    new Promise<Posted>((resolve) => {
      const fail = (request: ClientRequest | null, error: Error) => {
        if (signal.aborted)
          return resolve({ ok: false, reason: 'timeout', detail: `no answer in ${timeout_ms} ms` })
        // The app closed an idle connection just as it was taken up again: the request never reached it.
        const stale = request?.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
        if (stale) return resolve(attempt())
        resolve({ ok: false, reason: 'unreachable', detail: error.message })
      }
      const length = String(Buffer.byteLength(body))
      const agent = agents[secure ? 'https:' : 'http:']
      const options = { method: 'POST', agent, signal, headers: { ...headers, 'content-length': length } }
      const request = send(url, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', (error) => fail(null, error))
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response
          resolve({ ok: true, status, headers: received, body: Buffer.concat(chunks).toString() })
        })
      })
      request.on('error', (error) => fail(request, error))
      request.end(body)
    })

  return attempt()
}
