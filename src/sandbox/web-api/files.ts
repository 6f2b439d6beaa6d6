import { isRecord } from '../blocks/check.ts'
import { refuse } from '../content.ts'
import { privatePath } from '../file-store.ts'
import type { FileStore, StoredFile } from '../file-store.ts'
import { limits } from '../limits.ts'
import type { SharedFile } from '../protocol.ts'
import type { Arguments } from './arguments.ts'
import type { Answer, Desk, Methods } from './method.ts'

/** A file as Slack tells an app of it. `url` is the sandbox's own address, base path included. */
export function fileObject(file: StoredFile | SharedFile, url: string) {
  const { id, name, title, mimetype, size } = file
  return {
    id,
    name,
    title,
    mimetype,
    size,
    filetype: filetypeOf(name),
    mode: 'hosted',
    is_external: false,
    ...('user' in file ? { user: file.user } : {}),
    url_private: url + privatePath(file),
    url_private_download: url + privatePath(file),
    permalink: new URL(url).origin + file.url,
  }
}

export function filetypeOf(name: string): string {
  return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : 'binary'
}

type Wanted = { id: string; title: string }

function wantedFiles(args: Arguments, files: FileStore, uploader: string): Wanted[] | null {
  const raw = args.json('files')
  if (!raw.ok || !Array.isArray(raw.value) || raw.value.length === 0) return null
  const wanted = raw.value.flatMap((each: unknown) => {
    if (!isRecord(each) || typeof each['id'] !== 'string') return []
    const file = files.find(each['id'])
    const { title } = each
    return file?.bytes && !file.complete && file.user === uploader
      ? [{ id: file.id, title: typeof title === 'string' ? title : file.name }]
      : []
  })
  return wanted.length === raw.value.length ? wanted : null
}

function complete(args: Arguments, { workspace, files, url }: Desk): Answer {
  const wanted = wantedFiles(args, files, workspace.team.bot_user_id)
  if (!wanted) return refuse('file_not_found')
  const id = args.text('channel_id')
  const channel = id === undefined ? undefined : workspace.channels.get(id)
  if (id !== undefined && !channel) return refuse('channel_not_found')
  if (channel && !workspace.isMember(channel, workspace.team.bot_user_id)) return refuse('not_in_channel')
  if (channel?.is_archived) return refuse('is_archived')
  const done = wanted.flatMap((each) => files.complete(each.id, each.title) ?? [])
  if (channel) {
    workspace.messages.add({
      channel: channel.id,
      ts: workspace.messages.nextTs(),
      thread_ts: args.text('thread_ts') ?? null,
      user: workspace.team.bot_user_id,
      text: args.text('initial_comment') ?? '',
      blocks: [],
      metadata: null,
      visible_to: null,
      edited_at: null,
      files: done,
      is_broadcast: false,
    })
  }
  return { ok: true, files: done.map((file) => fileObject(file, url())) }
}

/** The upload in two steps (messaging/working-with-files#upload), with the bytes sent to the `upload_url` between them. */
export const fileMethods: Methods = {
  'files.getUploadURLExternal': {
    names: ['filename', 'length', 'alt_text', 'alt_txt', 'snippet_type'],
    scopes: ['files:write'],
    run(args, { workspace, files, url }) {
      const [filename, length] = [args.text('filename'), args.count('length', 0)]
      if (filename === undefined || length === 0) return refuse('invalid_arguments')
      if (length > limits.file_bytes) return refuse('file_upload_size_restricted')
      const file = files.announce(workspace.team.bot_user_id, filename, length)
      return { ok: true, file_id: file.id, upload_url: `${url()}/upload/${file.id}/${file.ticket}` }
    },
  },
  'files.completeUploadExternal': {
    names: ['files', 'channel_id', 'thread_ts', 'initial_comment'],
    scopes: ['files:write'],
    run: complete,
  },
  'files.info': {
    names: ['file', 'cursor', 'limit', 'count', 'page'],
    scopes: ['files:read'],
    run(args, { files, url }) {
      const file = files.find(args.text('file') ?? '')
      return file?.complete ? { ok: true, file: fileObject(file, url()) } : refuse('file_not_found')
    },
  },
}
