import { isRecord, isSlackObject } from './blocks/check.ts'
import type { Fault } from './blocks/check.ts'
import { withIds } from './blocks/find.ts'
import { faultsOfBlocks, weightOf } from './blocks/validate.ts'
import { limits } from './limits.ts'
import type { Message, SlackObject } from './protocol.ts'

export type Metadata = Message['metadata']

export type Refusal = { ok: false; error: string; [more: string]: unknown }

/** `{ok: false, error}` as the Web API answers it, with Slack's own words on each fault. */
export function refuse(error: string, faults: Fault[] = []): Refusal {
  if (faults.length === 0) return { ok: false, error }
  const words = faults.map(({ at, message }) => `${message} [json-pointer:${at}]`)
  return {
    ok: false,
    error,
    errors: words,
    response_metadata: { messages: words.map((each) => `[ERROR] ${each}`) },
  }
}

/** Blocks as an app may send them in a message, with ids; `raw` is the parsed argument. */
export function parseBlocks(raw: unknown): { ok: true; blocks: SlackObject[] } | Refusal {
  if (!Array.isArray(raw) || !raw.every(isRecord)) return refuse('invalid_blocks_format')
  const faults = faultsOfBlocks(raw)
  if (faults.length > 0 || !raw.every(isSlackObject)) return refuse('invalid_blocks', faults)
  if (weightOf(raw) > limits.message.weight) return refuse('msg_blocks_too_long')
  return { ok: true, blocks: withIds(raw) }
}

/** A message's `metadata`; an empty object means none. */
export function parseMetadata(raw: unknown): { ok: true; metadata: Metadata } | Refusal {
  if (!isRecord(raw)) return refuse('invalid_metadata_format')
  if (Object.keys(raw).length === 0) return { ok: true, metadata: null }
  const { event_type, event_payload, ...others } = raw
  const typed = typeof event_type === 'string' && event_type.length > 0
  if (!typed || event_type.length > limits.message.metadata_event_type)
    return refuse('invalid_metadata_format')
  if (!isRecord(event_payload) || Object.keys(others).length > 0) return refuse('invalid_metadata_format')
  if (Object.values(event_payload).some((each) => each === null)) return refuse('invalid_metadata_schema')
  if (Buffer.byteLength(JSON.stringify(raw)) > limits.message.metadata_bytes)
    return refuse('metadata_too_large')
  return { ok: true, metadata: { event_type, event_payload } }
}

/** The length that Slack counts for an edited message's text: bytes, after what is raw has been escaped. */
export function escapedBytes(text: string): number {
  const escaped = text
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
  return Buffer.byteLength(escaped)
}

const reference = /<(?:@[UW]\w+|#C\w+|![a-z]+(?:\^[^<>]*)?)(?:\|[^<>]*)?>/g

/** What a person typed, as Slack stores it and sends it on: `&`, `<` and `>` escaped, mentions left standing. */
export function asTyped(text: string): string {
  const escape = (words: string) =>
    words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const mentions = text.match(reference) ?? []
  return text
    .split(reference)
    .map((words, index) => escape(words) + (mentions[index] ?? ''))
    .join('')
}
