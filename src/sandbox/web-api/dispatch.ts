import { timingSafeEqual } from 'node:crypto'
import { refuse } from '../content.ts'
import type { Rates } from '../rates.ts'
import type { Arguments } from './arguments.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import { installationMethods } from './installation.ts'
import { scopeFor } from './method.ts'
import type { Answer, Desk, Method, Methods } from './method.ts'
import { peopleMethods } from './people.ts'
import { viewMethods } from './views.ts'

const methods: Methods = {
  ...installationMethods,
  ...chatMethods,
  ...conversationMethods,
  ...peopleMethods,
  ...viewMethods,
  ...fileMethods,
}

/** What every method takes besides its own arguments. */
const common = new Set(['token', 'team_id'])

export type Tokens = { bot: string; app: string | undefined }

export type Counter = { desk: Desk; tokens: Tokens; rates: Rates }

/** `retry_after_s` is set where the answer is HTTP 429. */
export type Handled = { answer: Answer; headers: Record<string, string>; retry_after_s?: number }

function same(given: string, expected: string | undefined): boolean {
  if (expected === undefined || expected === '') return false
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Whether a call brought the bot's token. */
export function isBot({ tokens }: Pick<Counter, 'tokens'>, token: string | undefined): boolean {
  return same(token ?? '', tokens.bot)
}

function unauthorised(method: Method, token: string | undefined, tokens: Tokens): Answer | null {
  if (token === undefined || token === '') return refuse('not_authed')
  const kind = same(token, tokens.bot) ? 'bot' : same(token, tokens.app) ? 'app' : null
  if (kind === null) return refuse('invalid_auth')
  return kind === (method.token ?? 'bot') ? null : refuse('not_allowed_token_type')
}

function neededScopes(method: Method, args: Arguments, { workspace }: Desk): string[] {
  if (!method.by_kind) return [...method.scopes]
  const channel = workspace.channels.get(args.text('channel') ?? '')
  return channel ? [scopeFor(channel, method.by_kind)] : [...method.scopes]
}

function unknownArgument(name: string, method: Method, args: Arguments): Answer | null {
  const odd = args.names().find((each) => !common.has(each) && !method.names.includes(each))
  if (odd === undefined) return null
  return refuse('invalid_arguments', [
    { at: `/${odd}`, message: `the sandbox knows no argument ${odd} of ${name}` },
  ])
}

/** One Web API call; `token` is the one in its Authorization header. Never throws for what an app sent. */
export function handleCall(
  { desk, tokens, rates }: Counter,
  name: string,
  args: Arguments,
  token: string | undefined,
): Handled {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (!method) return { answer: refuse('unknown_method'), headers: {} }
  const denied = unauthorised(method, token ?? args.text('token'), tokens)
  if (denied) return { answer: denied, headers: {} }
  const needed = neededScopes(method, args, desk)
  const granted = desk.workspace.team.scopes
  const headers = { 'x-oauth-scopes': granted.join(','), 'x-accepted-oauth-scopes': needed.join(',') }
  if (needed.length > 0 && !needed.some((scope) => granted.includes(scope))) {
    const answer = { ...refuse('missing_scope'), needed: needed.join(','), provided: granted.join(',') }
    return { answer, headers }
  }
  const wait = rates.take(name, args.text('channel'))
  if (wait > 0) return { answer: refuse('ratelimited'), headers, retry_after_s: wait }
  return { answer: unknownArgument(name, method, args) ?? method.run(args, desk), headers }
}
