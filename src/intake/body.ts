import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { problem, invalidRequest, type Answer } from './problems.ts'

/** The largest body, in bytes: as sent, and again once unpacked. */
export const maxBodyBytes = 256 * 1024

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

type Body = { ok: true; bytes: Uint8Array } | { ok: false; answer: Answer }

/**
 * The bytes of a JSON request's body, unpacked; none where there is no body. Otherwise 413, 415, or 400 for a packed
 * body that cannot be unpacked. Never holds more than twice the largest body, whatever is sent and whatever it unpacks to.
 *
 * @param room by how many bytes a body may be larger than others
 */
export async function readBody(req: IncomingMessage, room = 0): Promise<Body> {
  const most = maxBodyBytes + room
  const type = req.headers['content-type']
  if (type !== undefined && !isJson(type)) return notJson(`The content type must be ${accepted}`)
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding !== 'identity' && !isPacked(encoding)) return unknownEncoding()
  const sent = await receive(req, most)
  if (sent === 'too_large') return tooLarge(most)
  if (sent === 'cut_off')
    return { ok: false, answer: invalidRequest([{ pointer: '', detail: 'The body ended early' }]) }
  if (type === undefined && sent.length > 0)
    return notJson(`A body needs the header Content-Type: ${accepted}`)
  return isPacked(encoding) && sent.length > 0 ? unpack(sent, encoding, most) : { ok: true, bytes: sent }
}

const accepted = 'application/json'

/** `application/json`, in UTF-8 if it says so: JSON has no other encoding between systems (RFC 8259, section 8.1). */
function isJson(type: string): boolean {
  const [media = '', ...parameters] = type.toLowerCase().split(';')
  return (
    media.trim() === accepted &&
    parameters.every((parameter) => {
      const [name, value] = parameter.split('=')
      return name?.trim() !== 'charset' || value?.trim().replaceAll('"', '') === 'utf-8'
    })
  )
}

function isPacked(encoding: string): encoding is keyof typeof unpackers {
  return Object.hasOwn(unpackers, encoding)
}

async function receive(req: IncomingMessage, most: number): Promise<Buffer | 'too_large' | 'cut_off'> {
  // What is announced as too large is not read at all: Node throws it away once the answer is out.
  if (Number(req.headers['content-length'] ?? 0) > most) return 'too_large'
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Leaving a plain `for await` would destroy the socket, and with it the answer.
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) {
        req.resume()
        return 'too_large'
      }
      chunks.push(chunk)
    }
  } catch {
    return 'cut_off'
  }
  return Buffer.concat(chunks, size)
}

async function unpack(packed: Buffer, encoding: keyof typeof unpackers, most: number): Promise<Body> {
  try {
    return { ok: true, bytes: await unpackers[encoding](packed, { maxOutputLength: most }) }
  } catch (error) {
    if (isOverflow(error)) return tooLarge(most)
    return {
      ok: false,
      answer: invalidRequest([{ pointer: '', detail: `The body is not valid ${encoding}` }]),
    }
  }
}

function isOverflow(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
  )
}

function tooLarge(most: number): Body {
  return {
    ok: false,
    answer: problem('too-large', `A body can have at most ${most} bytes, also when unpacked`),
  }
}

function notJson(detail: string): Body {
  return { ok: false, answer: problem('unsupported-media-type', detail, { headers: { Accept: accepted } }) }
}

function unknownEncoding(): Body {
  const known = Object.keys(unpackers)
    .filter((name) => name !== 'x-gzip')
    .join(', ')
  const detail = `The content encoding must be one of ${known}, or none`
  return {
    ok: false,
    answer: problem('unsupported-media-type', detail, { headers: { 'Accept-Encoding': known } }),
  }
}
