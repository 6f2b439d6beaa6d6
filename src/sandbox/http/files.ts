import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { limits } from '../limits.ts'
import { isBot } from '../web-api/dispatch.ts'
import { bearer, suffer } from './api.ts'
import type { Api } from './api.ts'
import { readBody, sendText } from './body.ts'

/** `POST upload/{file}/{secret}`: the bytes themselves, or in a form as the SDK sends them. */
export async function serveUpload(
  api: Api,
  req: IncomingMessage,
  res: ServerResponse,
  id: string,
  secret: string,
) {
  const raw = await readBody(req, limits.file_bytes + 10_000)
  if (!raw) return sendText(res, 413, 'too large')
  const type = req.headers['content-type'] ?? ''
  const bytes = type.startsWith('multipart/form-data') ? await formFile(raw, type) : raw
  if (!bytes || !api.desk.files.upload(id, secret, bytes)) return sendText(res, 400, 'no such upload')
  sendText(res, 200, `OK - ${bytes.length}`)
}

async function formFile(raw: Buffer, type: string): Promise<Buffer | null> {
  try {
    const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData()
    for (const part of form.values()) {
      if (typeof part !== 'string') return Buffer.from(await part.arrayBuffer())
    }
  } catch {
    // Not a form after all: answered like any other upload that is not wanted.
  }
  return null
}

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif'])

/** `GET files/{file}/{name}`: shown where it is a picture, else saved, and never run. */
export function serveFile({ desk }: Api, res: ServerResponse, id: string) {
  const file = desk.files.find(id)
  if (!file?.complete || !file.bytes) return sendText(res, 404, 'there is no such file')
  res.writeHead(200, {
    'content-type': file.mimetype,
    'content-disposition': pictures.has(file.mimetype) ? 'inline' : 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
  res.end(file.bytes)
}

/**
 * `GET files-pri/{file}/{name}`, which is `url_private`: for the app's token with `files:read`, once the file is the app's to
 * read. Whoever else asks is sent to a page to sign in, as Slack does, and not told no.
 */
export async function servePrivateFile(api: Api, req: IncomingMessage, res: ServerResponse, id: string) {
  const { delay_ms, fault } = api.faults.befall('url_private', undefined)
  if (delay_ms > 0) await delay(delay_ms)
  if (suffer(req, res, fault)) return
  const file = api.desk.files.find(id)
  const allowed = isBot(api, bearer(req)) && api.desk.workspace.team.scopes.includes('files:read')
  if (!allowed || !file?.complete || !file.bytes) return sendText(res, 302, '', { location: api.desk.url() })
  res.writeHead(200, { 'content-type': file.mimetype, 'content-length': file.bytes.length })
  res.end(file.bytes)
}
