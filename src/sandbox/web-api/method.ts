import type { SandboxClock } from '../clock.ts'
import type { Refusal } from '../content.ts'
import type { FileStore } from '../file-store.ts'
import type { Channel } from '../protocol.ts'
import type { Triggers } from '../triggers.ts'
import type { ViewStore } from '../view-store.ts'
import type { Workspace } from '../workspace.ts'
import type { Arguments } from './arguments.ts'

/** What the methods work on. */
export type Desk = {
  workspace: Workspace
  views: ViewStore
  files: FileStore
  triggers: Triggers
  clock: SandboxClock
  /** `http://host:port` + base path, as the caller reached it. */
  url: () => string
  /** A new Socket Mode address, usable once. */
  socketUrl: () => string
}

export type Answer = { ok: true; [more: string]: unknown } | Refusal

/**
 * `scopes`: the token needs one of them (none where empty); `by_kind` where the kind of conversation decides, as in
 * `channels:read`, `groups:read`, `im:read`. `names`: arguments that it knows; others are refused, so that a misspelt
 * one is found here and not by a silent Slack.
 */
export type Method = {
  names: readonly string[]
  scopes: readonly string[]
  by_kind?: 'read' | 'history'
  token?: 'bot' | 'app'
  run(args: Arguments, desk: Desk): Answer
}

export type Methods = Record<string, Method>

/** The scope that reads a conversation of this kind. */
export function scopeFor(channel: Channel, right: 'read' | 'history'): string {
  const kind = channel.is_im ? 'im' : channel.is_private ? 'groups' : 'channels'
  return `${kind}:${right}`
}

export function pageStart(args: Arguments): number {
  return Number(Buffer.from(args.text('cursor') ?? '', 'base64url').toString()) || 0
}

/** One page of `all`, from `cursor` on, as cursor-paginated methods answer. */
export function page<T>(all: readonly T[], args: Arguments, most = 1000) {
  const start = pageStart(args)
  const limit = Math.min(args.count('limit', 100), most)
  const end = start + limit
  return {
    items: all.slice(start, end),
    response_metadata: {
      next_cursor: end < all.length ? Buffer.from(String(end)).toString('base64url') : '',
    },
  }
}
