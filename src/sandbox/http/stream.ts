import type { ServerResponse } from 'node:http'
import type { Changes } from '../changes.ts'

/** Server-sent events: the newest revision, at once and on every change. */
export function createStream(changes: Changes) {
  const open = new Set<ServerResponse>()
  const tell = (res: ServerResponse) => res.write(`data: ${JSON.stringify({ rev: changes.rev() })}\n\n`)
  const stop = changes.onChange(() => open.forEach(tell))
  return {
    join(res: ServerResponse) {
      res.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-accel-buffering': 'no',
      })
      res.write('retry: 1000\n')
      tell(res)
      open.add(res)
      res.on('close', () => open.delete(res))
    },
    close() {
      stop()
      for (const res of open) res.end()
    },
  }
}
