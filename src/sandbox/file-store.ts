import { extname } from 'node:path'
import { slackId, ticket } from './identifiers.ts'
import type { SharedFile } from './protocol.ts'

const mimetypes: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.pdf': 'application/pdf',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.yaml': 'text/plain',
  '.yml': 'text/plain',
  '.md': 'text/markdown',
}

/** A file between its announcement, its upload (`bytes`) and its completion (`complete`). `length` is as announced. */
export type StoredFile = SharedFile & {
  user: string
  length: number
  ticket: string
  bytes: Buffer | null
  complete: boolean
}

/** A file as the state file keeps it. */
export type FileRecord = Omit<StoredFile, 'bytes'> & { base64: string }

export type FileStore = ReturnType<typeof createFileStore>

/** The path of a file for whoever has a token of the app (`url_private`), below the base path. */
export function privatePath({ id, name }: SharedFile): string {
  return `/files-pri/${id}/${encodeURIComponent(name)}`
}

export function createFileStore(base_path: string, touch: () => void, kept: FileRecord[]) {
  const files = new Map<string, StoredFile>()
  for (const { base64, ...file } of kept)
    files.set(file.id, { ...file, bytes: Buffer.from(base64, 'base64') })

  function announce(user: string, name: string, length: number): StoredFile {
    const id = slackId('F')
    const file: StoredFile = {
      id,
      name,
      title: name,
      mimetype: mimetypes[extname(name).toLowerCase()] ?? 'application/octet-stream',
      size: length,
      url: `${base_path}/files/${id}/${encodeURIComponent(name)}`,
      user,
      length,
      ticket: ticket(),
      bytes: null,
      complete: false,
    }
    files.set(id, file)
    return file
  }

  return {
    find: (id: string) => files.get(id),
    /** Where a picture is that messages can show; null where there is none, or not yet. */
    picture: (id: string): string | null => {
      const file = files.get(id)
      return file?.complete && file.mimetype.startsWith('image/') ? file.url : null
    },
    announce,
    /** A person's upload into a form: the app's to read once the form was sent, and `complete` by that. */
    attach(user: string, name: string, bytes: Buffer): StoredFile {
      const file = announce(user, name, bytes.length)
      file.bytes = bytes
      return file
    },
    /** Takes the bytes that come to an upload URL; false where the ticket is unknown or the length another. */
    upload(id: string, secret: string, bytes: Buffer): boolean {
      const file = files.get(id)
      if (!file || file.ticket !== secret || file.complete || bytes.length !== file.length) return false
      file.bytes = bytes
      return true
    },
    complete(id: string, title: string): SharedFile | null {
      const file = files.get(id)
      if (!file?.bytes || file.complete) return null
      file.complete = true
      file.title = title
      touch()
      return shared(file)
    },
    record: (): FileRecord[] =>
      [...files.values()].flatMap(({ bytes, ...file }) =>
        bytes && file.complete ? [{ ...file, base64: bytes.toString('base64') }] : [],
      ),
  }
}

export function shared({ id, name, title, mimetype, size, url }: SharedFile): SharedFile {
  return { id, name, title, mimetype, size, url }
}
