import type { Page } from '../flow/agent-desk.ts'

/** The latest time that a Date can hold, in milliseconds. */
const latest = 8_640_000_000_000_000

/** A place in a list, as the agent carries it from page to page: opaque to it, and no secret. */
export function writeCursor(place: NonNullable<Page['cursor']>): string {
  return Buffer.from(`${place.created_at.getTime()}.${place.id}`).toString('base64url')
}

/** Null where it is not what `writeCursor` writes. */
export function readCursor(cursor: string): Page['cursor'] {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(cursor)) return null
  const [, time, id] =
    /^([0-9]{1,16})\.(apr_[0-9A-Za-z_-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (time === undefined || id === undefined || Number(time) > latest) return null
  return { created_at: new Date(Number(time)), id }
}
