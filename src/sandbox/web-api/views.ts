import { isSlackObject } from '../blocks/check.ts'
import { allElements, withIds } from '../blocks/find.ts'
import { faultsOfView } from '../blocks/validate.ts'
import { refuse } from '../content.ts'
import type { Refusal } from '../content.ts'
import { limits } from '../limits.ts'
import { viewObject } from '../objects.ts'
import type { SlackObject } from '../protocol.ts'
import { blocksOf } from '../view-store.ts'
import type { StoredView, ViewStore } from '../view-store.ts'
import type { Workspace } from '../workspace.ts'
import type { Arguments } from './arguments.ts'
import type { Answer, Desk, Methods } from './method.ts'

/** A view that Slack would take, or its refusal. Also what an app answers a submission with goes through here. */
export function parseView(
  raw: unknown,
  type: 'modal' | 'home',
  scopes: readonly string[],
): { ok: true; view: SlackObject } | Refusal {
  if (!isSlackObject(raw))
    return refuse('invalid_arguments', [{ at: '/view', message: 'must provide an object with a type' }])
  const faults = faultsOfView(raw, type)
  if (faults.length > 0) return refuse('invalid_arguments', faults)
  if (Buffer.byteLength(JSON.stringify(raw)) > limits.view.bytes) return refuse('view_too_large')
  // reference/block-kit/block-elements/file-input-element: the app needs it to use the element at all.
  const asksForFiles = allElements(withIds(blocksOf(raw))).some(
    ({ element }) => element.type === 'file_input',
  )
  if (asksForFiles && !scopes.includes('files:read'))
    return { ...refuse('missing_scope'), needed: 'files:read', provided: scopes.join(',') }
  return { ok: true, view: raw }
}

function taken(views: ViewStore, view: SlackObject, by: StoredView | undefined): boolean {
  const { external_id } = view
  const holder =
    typeof external_id === 'string' && external_id !== '' ? views.withExternalId(external_id) : undefined
  return holder !== undefined && holder.id !== by?.id
}

function sentView(args: Arguments, type: 'modal' | 'home', { team }: Workspace) {
  const raw = args.json('view')
  return parseView(raw.ok ? raw.value : undefined, type, team.scopes)
}

/** The trigger is looked at first and is spent even where the view is then refused. */
function show(args: Arguments, { views, triggers, workspace }: Desk, how: 'open' | 'push'): Answer {
  const exchange = triggers.exchange(args.text('trigger_id'))
  if (!exchange.ok) return refuse(exchange.error)
  const parsed = sentView(args, 'modal', workspace)
  if (!parsed.ok) return parsed
  if (taken(views, parsed.view, undefined)) return refuse('duplicate_external_id')
  const { user, view_id } = exchange.trigger
  if (how === 'push' && (view_id === null || !views.modal(view_id))) return refuse('not_found')
  const shown = how === 'open' ? views.open(user, parsed.view) : views.push(user, parsed.view)
  return typeof shown === 'string' ? refuse(shown) : { ok: true, view: viewObject(workspace, shown) }
}

export const viewMethods: Methods = {
  'views.open': {
    names: ['trigger_id', 'view'],
    scopes: [],
    run: (args, desk) => show(args, desk, 'open'),
  },
  'views.push': {
    names: ['trigger_id', 'view'],
    scopes: [],
    run: (args, desk) => show(args, desk, 'push'),
  },
  'views.update': {
    names: ['view_id', 'external_id', 'view', 'hash'],
    scopes: [],
    run(args, { views, workspace }) {
      const [view_id, external_id, hash] = [args.text('view_id'), args.text('external_id'), args.text('hash')]
      if (view_id !== undefined && external_id !== undefined) {
        return refuse('invalid_arguments', [
          { at: '', message: 'Cannot provide both `view_id` and `external_id`' },
        ])
      }
      const found = view_id === undefined ? views.withExternalId(external_id ?? '') : views.modal(view_id)
      if (!found) return refuse('not_found')
      const parsed = sentView(args, 'modal', workspace)
      if (!parsed.ok) return parsed
      if (hash !== undefined && hash !== found.hash) return refuse('hash_conflict')
      if (taken(views, parsed.view, found)) return refuse('duplicate_external_id')
      const updated = views.update(found.id, parsed.view)
      return updated ? { ok: true, view: viewObject(workspace, updated) } : refuse('not_found')
    },
  },
  'views.publish': {
    names: ['user_id', 'view', 'hash'],
    scopes: [],
    run(args, { views, workspace }) {
      const person = workspace.people.get(args.text('user_id') ?? '')
      if (!person || person.is_bot) return refuse('user_not_found')
      const parsed = sentView(args, 'home', workspace)
      if (!parsed.ok) return parsed
      const [before, hash] = [views.home(person.id), args.text('hash')]
      if (hash !== undefined && before && hash !== before.hash) return refuse('hash_conflict')
      if (taken(views, parsed.view, before)) return refuse('duplicate_external_id')
      return { ok: true, view: viewObject(workspace, views.publish(person.id, parsed.view)) }
    },
  },
}
