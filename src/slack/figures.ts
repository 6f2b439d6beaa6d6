import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { JsonObject } from '../approval/approval.ts'
import type { Flow } from '../flow/flow.ts'
import type { Metrics, OrderedFigures } from '../metrics/index.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import { slackFailure } from './failures.ts'
import type { Posts } from './posts.ts'
import { uploadPicture } from './uploads.ts'
import { figuresMessage, type ShownPicture } from './views/figures.ts'

/** Sends somebody the figures that they asked for, with pictures, in a direct message. */
export function createFigures(parts: {
  posts: Posts
  posting: WebClient
  flow: Flow
  metrics: Metrics
  api_url: string | undefined
  clock: Clock
  log: Logger
}) {
  const { posts, flow, metrics, clock, log } = parts

  async function send(payload: JsonObject): Promise<Again | void> {
    const { id, to, ...asked } = payload as unknown as OrderedFigures
    const place = { approval_id: id, key: 'figures', channel: to }
    const [known] = await flow.messages.of(id)
    if (known && known.shown !== null) return
    const report = await metrics.report({ ...asked, agent: null })
    const { pictures, missing } = await upload(asked.ms)
    const message = figuresMessage(report, asked.words, { id, pictures, missing })
    const posted = await posts.put(place, known, message, { in: 'direct' })
    if (posted.ok) return void (await flow.messages.record(place, posted.ts, sha256Hex(message.text)))
    const { failure } = posted
    if (failure && failure.kind !== 'waits') log.warn({ to, failure }, 'figures could not be sent')
    return failure ? again([failure], clock.now(), null) : undefined
  }

  /** `missing` says why there are none, where Slack does not let us. */
  async function upload(ms: number): Promise<{ pictures: ShownPicture[]; missing: string | null }> {
    const pictures: ShownPicture[] = []
    try {
      for (const { png, ...chart } of await metrics.charts(ms))
        pictures.push({ alt: chart.alt, file_id: await uploadPicture(parts, { png, ...chart }) })
      return { pictures, missing: null }
    } catch (error) {
      const failure = slackFailure(error)
      if (failure?.kind !== 'refused') throw error
      log.warn({ failure }, 'pictures could not be uploaded')
      const { error: why } = failure
      return {
        pictures: [],
        missing: why === 'missing_scope' ? 'the app may not upload files (files:write)' : why,
      }
    }
  }

  return { send }
}
