import type { WebClient } from '@slack/web-api'
import { slackFailure } from './failures.ts'

/** The largest file that is read, in bytes: a policy document is no larger. */
const largest = 256 * 1024

/** Slack wants a form answered within 3 s; its own call may take up to 2.5 s before this. */
const patienceMs = 2_000

const slackApi = 'https://slack.com/api/'

/** A file that somebody put into a form, as text; or why it cannot be read, in words. */
export type ReadFile = { ok: true; name: string; text: string } | { ok: false; why: string }

export type Files = { read(id: string): Promise<ReadFile> }

/**
 * Reads files that people put into forms. The bot's token goes to Slack's own file server and nowhere else, whatever
 * address a file's description names, and no redirect is followed.
 */
export function createFiles(parts: {
  client: WebClient
  bot_token: string
  api_url: string | undefined
}): Files {
  const { client, bot_token, api_url } = parts
  const refuse = (why: string): ReadFile => ({ ok: false, why })

  async function read(id: string): Promise<ReadFile> {
    const { file } = await client.files.info({ file: id })
    const { name = 'the file', size = 0, url_private_download: address = '' } = file ?? {}
    if (size > largest) return refuse(`${name} is larger than ${largest / 1024} KiB`)
    if (!isSlackFile(address, api_url))
      return refuse(`${name} is not kept by Slack itself, and was not fetched from elsewhere`)
    const bytes = await download(address)
    if (typeof bytes === 'string') return refuse(bytes)
    try {
      return { ok: true, name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
    } catch {
      return refuse(`${name} is not text in UTF-8`)
    }
  }

  async function download(address: string): Promise<Uint8Array | string> {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${bot_token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    })
    if (response.status !== 200 || !response.body) {
      await response.body?.cancel()
      // Slack sends whoever may not read a file to its page for signing in.
      return `Slack did not hand the file out (status ${response.status}): the app may lack files:read`
    }
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body) {
      length += chunk.length
      if (length > largest) return `The file is larger than ${largest / 1024} KiB`
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  return {
    read: (id) =>
      read(id).catch((error: unknown) => {
        const failure = slackFailure(error)
        if (failure?.kind === 'refused') return refuse(`Slack did not give the file: ${failure.error}`)
        return refuse('Slack did not give the file in time. Try again')
      }),
  }
}

/** Whether an address is on the server that keeps Slack's files, or on the one that stands in for Slack's API. */
export function isSlackFile(address: string, api_url: string | undefined): boolean {
  const [url, api] = [URL.parse(address), URL.parse(api_url ?? slackApi)]
  if (!url || !api || url.username !== '' || url.password !== '') return false
  return (
    url.origin === `https://files.${api.hostname}` || (api_url !== undefined && url.origin === api.origin)
  )
}
