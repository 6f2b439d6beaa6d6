import { isRecord } from '../blocks/check.ts'
import { allElements } from '../blocks/find.ts'
import type { Found } from '../blocks/find.ts'
import type { StoredFile } from '../file-store.ts'
import { limits } from '../limits.ts'
import type { ActResult, Person, SlackObject, ViewValues } from '../protocol.ts'
import { fileObject, filetypeOf } from '../web-api/files.ts'
import { actor, notSent } from './stage.ts'
import type { Stage } from './stage.ts'

/** What a file input holds of an upload until the form is sent. */
export type Uploaded = ActResult & { file?: { id: string; name: string; size: number } }

/** Uploads a file from a person's machine, to be put into a form. */
export function upload(stage: Stage, as: string, name: string, bytes: Buffer): Uploaded {
  const person = actor(stage, as)
  if ('ok' in person) return person
  if (name === '' || bytes.length === 0) return notSent('There is nothing in this file.')
  if (bytes.length > limits.file_input.bytes) return notSent(`${name} is larger than 10 MB.`)
  const { id, size } = stage.files.attach(person.id, name, bytes)
  return { ok: true, file: { id, name, size } }
}

/**
 * A filled form with its files as Slack describes them to the app, which may read those in `handed` once it is sent. `errors`
 * by block_id where a file is nobody's, another person's, or none that the element takes.
 */
export function withFiles(
  { files, url }: Stage,
  person: Person,
  blocks: readonly SlackObject[],
  values: ViewValues,
): { values: ViewValues; errors: Record<string, string>; handed: StoredFile[] } {
  const errors: Record<string, string> = {}
  const filled = { ...values }
  const handed: StoredFile[] = []
  for (const found of allElements(blocks).filter(({ element }) => element.type === 'file_input')) {
    const { block_id, action_id } = found
    const chosen = idsIn(values[block_id]?.[action_id]?.['files']).map((id) => files.find(id))
    const own = chosen.flatMap((file) => (file?.user === person.id ? [file] : []))
    const wrong = own.length < chosen.length ? 'This file cannot be used here.' : unfit(found, own)
    if (wrong !== null) errors[block_id] = wrong
    filled[block_id] = {
      ...filled[block_id],
      [action_id]: { type: 'file_input', files: own.map((file) => fileObject(file, url())) },
    }
    handed.push(...own)
  }
  return { values: filled, errors, handed }
}

function idsIn(files: unknown): string[] {
  return Array.isArray(files) ? files.map((file: unknown) => (isRecord(file) ? String(file['id']) : '')) : []
}

function unfit({ element }: Found, files: readonly StoredFile[]): string | null {
  const { max_files = limits.file_input.max_files, filetypes } = element
  if (files.length > Number(max_files)) return `Choose no more than ${Number(max_files)} files.`
  const types = Array.isArray(filetypes) ? filetypes.map(String) : []
  const other = files.find(({ name }) => types.length > 0 && !types.includes(filetypeOf(name)))
  return other ? `${other.name} is not of a type that this form takes.` : null
}
