import { refuse } from '../content.ts'
import type { Methods } from './method.ts'

/** What the app can ask about itself and the workspace it is installed in. */
export const installationMethods: Methods = {
  'auth.test': {
    names: [],
    scopes: [],
    run: (_args, { workspace: { team, people }, url }) => ({
      ok: true,
      url: `${url()}/`,
      team: team.name,
      user: people.get(team.bot_user_id)?.name ?? team.app_name,
      team_id: team.id,
      user_id: team.bot_user_id,
      bot_id: team.bot_id,
      is_enterprise_install: false,
    }),
  },
  'bots.info': {
    names: ['bot', 'team_id'],
    scopes: ['users:read'],
    run(args, { workspace: { team } }) {
      const { bot_id: id, app_id, bot_user_id: user_id, app_name: name } = team
      if ((args.text('bot') ?? id) !== id) return refuse('bot_not_found')
      return { ok: true, bot: { id, deleted: false, name, app_id, user_id, updated: 0, icons: {} } }
    },
  },
  'team.info': {
    names: ['team', 'domain'],
    scopes: ['team:read'],
    run: (_args, { workspace: { team } }) => ({
      ok: true,
      team: { id: team.id, name: team.name, domain: team.domain, email_domain: '', icon: {} },
    }),
  },
  'apps.connections.open': {
    names: [],
    scopes: [],
    token: 'app',
    run: (_args, { socketUrl }) => ({ ok: true, url: socketUrl() }),
  },
}
