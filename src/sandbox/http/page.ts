import { readFile } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'
import type { ServerResponse } from 'node:http'
import { isRecord } from '../blocks/check.ts'
import { sendText } from './body.ts'

const folder = join(import.meta.dirname, '../page')

const media: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** Only what the sandbox itself serves may run, load or be sent to; nobody may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const fileName = /^[a-z0-9][\w-]*\.[a-z0-9]+$/i

/** Where a file of a package is on disk; `package/path` may lie outside the package's exports. */
async function packaged(wanted: string): Promise<string | null> {
  const [, name, path] = /^((?:@[\w.-]+\/)?[\w.-]+)\/([\w./-]+)$/.exec(wanted) ?? []
  if (name === undefined || path === undefined || path.includes('..')) return null
  const places = createRequire(import.meta.url).resolve.paths(name) ?? []
  for (const place of places) {
    const file = join(place, name, path)
    const found = await readFile(file).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  return null
}

/** The page's own file of that name, or the package's file that its list of assets gives that name. */
async function locate(name: string): Promise<string | null> {
  if (!fileName.test(name)) return null
  const list: unknown = JSON.parse(await readFile(join(folder, 'assets.json'), 'utf8').catch(() => '{}'))
  const listed = isRecord(list) && Object.hasOwn(list, name) ? list[name] : undefined
  if (typeof listed === 'string') return await packaged(listed)
  return extname(name) === '.json' ? null : join(folder, name)
}

function shown(file: string, content: Buffer): Buffer | string {
  return extname(file) === '.ts' ? stripTypeScriptTypes(content.toString()) : content
}

/** The page (`index.html`) or one of its assets, read afresh each time: it is small, and being worked on. */
export async function servePage(res: ServerResponse, name: string): Promise<void> {
  const file = await locate(name)
  const type = file === null ? undefined : media[extname(name)]
  const content = file === null || type === undefined ? null : await readFile(file).catch(() => null)
  if (file === null || type === undefined || content === null) {
    sendText(res, 404, `there is no ${name} here`)
    return
  }
  const body = shown(file, content)
  res.writeHead(200, {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': extname(name).startsWith('.woff') ? 'max-age=86400' : 'no-cache',
  })
  res.end(body)
}
