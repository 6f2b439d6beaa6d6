import type { WebClient } from '@slack/web-api'
import type { Clock } from '../platform/clock.ts'
import { isSlackFile } from './files.ts'

/** Slack takes what it was sent apart for a while, and shows nothing of it before. */
const patience = { looks: 20, pause_ms: 500 }
const uploadMs = 10_000

/** A picture for a message. Nobody sees it but where a message shows it. */
export type Picture = { name: string; title: string; alt: string; png: Uint8Array }

/**
 * Uploads a picture, in Slack's three steps, and waits until it can be shown.
 *
 * @returns its id, by which an image block shows it
 */
export async function uploadPicture(
  { posting, api_url, clock }: { posting: WebClient; api_url: string | undefined; clock: Clock },
  { name, title, alt, png }: Picture,
): Promise<string> {
  const place = await posting.files.getUploadURLExternal({
    filename: name,
    length: png.length,
    alt_text: alt,
  })
  const { upload_url = '', file_id = '' } = place
  // The picture is not secret, but what takes it is Slack or nobody.
  if (!isSlackFile(upload_url, api_url))
    throw new Error('Slack named an address that is not its own for an upload')
  const response = await fetch(upload_url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from(png),
    redirect: 'error',
    signal: AbortSignal.timeout(uploadMs),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`Slack did not take an upload (status ${response.status})`)
  await posting.files.completeUploadExternal({ files: [{ id: file_id, title }] })
  for (let look = 0; look < patience.looks; look++) {
    const { file } = await posting.files.info({ file: file_id })
    if (file?.mimetype) return file_id
    await clock.sleep(new Date(clock.now().getTime() + patience.pause_ms))
  }
  throw new Error('Slack has not made a picture of an upload yet')
}
