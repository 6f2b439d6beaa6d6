import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { actSchema } from '../acts/act.ts'
import type { Faults } from '../faults.ts'
import type { Uploaded } from '../acts/upload.ts'
import { limits } from '../limits.ts'
import type { Act, ActResult, Fault, Snapshot } from '../protocol.ts'
import { serveMethod, serveResponse } from './api.ts'
import type { Api } from './api.ts'
import { readBody, sendJson, sendText } from './body.ts'
import { serveFile, servePrivateFile, serveUpload } from './files.ts'
import { refusedRequest } from './guard.ts'
import { servePage } from './page.ts'
import type { createStream } from './stream.ts'

/** What the page is sent of each channel. */
const messagesPerChannel = 200

const about = {
  method: z.exactOptional(z.string()),
  channel: z.exactOptional(z.string()),
  times: z.exactOptional(z.int().positive()),
}

/** A fault as it comes over HTTP. */
const faultSchema: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  z.strictObject({ ...about, kind: z.literal('delay'), ms: z.int().nonnegative() }),
  z.strictObject({ ...about, kind: z.literal('drop_after_delivery') }),
  z.strictObject({ ...about, kind: z.literal('drop_before_delivery') }),
  z.strictObject({ ...about, kind: z.literal('rate_limited'), retry_after_s: z.int().positive() }),
  z.strictObject({ ...about, kind: z.literal('http_error'), status: z.int().min(400).max(599) }),
  z.strictObject({ ...about, kind: z.literal('slack_error'), error: z.string().min(1) }),
])

export type Served = {
  base_path: string
  allowed_hosts: readonly string[]
  api: Api
  faults: Faults
  stream: ReturnType<typeof createStream>
  act(act: Act): Promise<ActResult>
  upload(as: string, name: string, bytes: Buffer): Uploaded
  recent(messages_per_channel: number): Snapshot
}

async function readAs<T>(schema: z.ZodType<T>, req: IncomingMessage, res: ServerResponse): Promise<T | null> {
  const raw = await readBody(req, 1_000_000)
  let sent: unknown
  try {
    sent = JSON.parse(raw?.toString() ?? '')
  } catch {
    sendJson(res, 400, { ok: false, error: 'the body is not JSON' })
    return null
  }
  const parsed = schema.safeParse(sent)
  if (parsed.success) return parsed.data
  sendJson(res, 400, { ok: false, error: z.prettifyError(parsed.error) })
  return null
}

/** `POST attach/{user}?name=…`: a person's upload into a form, as bytes. */
async function takeUpload(
  served: Served,
  req: IncomingMessage,
  res: ServerResponse,
  as: string,
  query: URLSearchParams,
) {
  const bytes = await readBody(req, limits.file_input.bytes)
  if (!bytes) return sendJson(res, 200, { ok: false, error: 'This file is larger than 10 MB.' })
  sendJson(res, 200, served.upload(as, query.get('name') ?? '', bytes))
}

async function serveControl(served: Served, req: IncomingMessage, res: ServerResponse, path: string[]) {
  const [room, id] = path
  switch (`${req.method} ${room}`) {
    case 'GET state':
      return sendJson(res, 200, served.recent(messagesPerChannel))
    case 'GET stream':
      return served.stream.join(res)
    case 'POST act': {
      const act = await readAs(actSchema, req, res)
      if (act) sendJson(res, 200, await served.act(act))
      return
    }
    case 'POST faults': {
      const fault = await readAs(faultSchema, req, res)
      if (fault) sendJson(res, 200, { id: served.faults.inject(fault) })
      return
    }
    case 'DELETE faults':
      served.faults.clear(id)
      return sendJson(res, 200, { ok: true })
    default:
      sendText(res, 404, 'there is nothing here')
  }
}

async function route(
  served: Served,
  req: IncomingMessage,
  res: ServerResponse,
  path: string[],
  query: URLSearchParams,
) {
  const [room = '', first = '', second = ''] = path
  if (room === 'api') return await serveMethod(served.api, req, res, first, query)
  if (room === 'response' && req.method === 'POST') return await serveResponse(served.api, req, res, first)
  if (room === 'upload' && req.method === 'POST')
    return await serveUpload(served.api, req, res, first, second)
  if (room === 'files' && req.method === 'GET') return serveFile(served.api, res, first)
  if (room === 'files-pri' && req.method === 'GET') return await servePrivateFile(served.api, req, res, first)
  if (room === 'attach' && req.method === 'POST') return await takeUpload(served, req, res, first, query)
  if (room === '' && req.method === 'GET') return await servePage(res, 'index.html')
  if (room === 'assets' && req.method === 'GET') return await servePage(res, first)
  await serveControl(served, req, res, path)
}

/** A request below the base path. Express cuts a mount path off `url`, and keeps the whole in `originalUrl`. */
export async function serve(
  served: Served,
  req: IncomingMessage & { originalUrl?: string },
  res: ServerResponse,
) {
  const refused = refusedRequest(req, served.allowed_hosts)
  if (refused !== null) return sendText(res, 403, refused)
  const url = URL.parse(`http://sandbox${req.originalUrl ?? req.url ?? '/'}`)
  const { base_path } = served
  if (url?.pathname === base_path && base_path !== '')
    return sendText(res, 308, '', { location: `${base_path}/` })
  if (!url?.pathname.startsWith(`${base_path}/`)) return sendText(res, 404, 'there is nothing here')
  const path = url.pathname.slice(base_path.length + 1).split('/')
  await route(served, req, res, path, url.searchParams)
}
