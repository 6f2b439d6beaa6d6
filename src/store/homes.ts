import type pg from 'pg'
import { findApprovals } from './read-approvals.ts'
import { reach, write, type Database } from './database.ts'
import type { Approval } from '../approval/approval.ts'

/** Somebody's Home in the app; see the schema. */
export type HomeRow = {
  slack_user_id: string
  team_id: string | null
  roles: string[]
  is_admin: boolean
  shown: string | null
}

/** A Home that nobody has opened for so many days is not kept up to date any more: opening it draws it anew. */
const keptDays = 30

/** Select list of the job that draws a Home: `h` is the Home, `at` when it is due. In a lane, so that it is never drawn twice at once. */
const drawing = (at: string) =>
  `'home', json_build_object('slack_user_id', h.slack_user_id), 'home:' || h.slack_user_id, ${at}`

const isKept = (at: string) => `h.opened_at > ${at} - interval '${keptDays} days'`

/** Whose news an approval is: members of its roles, who voted on it, and admins. */
export type Readers = { roles: string[]; people: string[] }

/**
 * A part of a `with` statement: draws the Homes of the readers of what was changed, a list in the parameter `news`; see
 * `consequences.ts`. It reads Homes and writes jobs only, so that no two changes wait for one another here.
 */
export const homesPart = (news: string) => `
  new_home as (
    insert into job (kind, payload, lane, due_at)
    select ${drawing('max(news.at)')}
    from json_to_recordset(${news}::json) as news (approval_id text, at timestamptz, roles text[], people text[])
    join home h on ${isKept('news.at')} and (h.is_admin or h.roles && news.roles or h.slack_user_id = any (news.people))
    where news.approval_id in (select id from changed)
    group by h.slack_user_id
  )`

/** Somebody opened their Home. `shown` is what it shows there, as far as Slack says. */
export async function openHome(
  database: Database,
  { slack_user_id, team_id, shown }: Pick<HomeRow, 'slack_user_id' | 'team_id' | 'shown'>,
  at: Date,
): Promise<void> {
  const text = `with forgotten as (
      delete from home h where h.slack_user_id <> $1 and not ${isKept('$4::timestamptz')}
    ), h as (
      insert into home (slack_user_id, team_id, shown, opened_at, roles) values ($1, $2, $3, $4, '{}')
      on conflict (slack_user_id) do update set team_id = $2, shown = $3, opened_at = $4 returning slack_user_id
    )
    insert into job (kind, payload, lane, due_at) select ${drawing('$4::timestamptz')} from h`
  await write(database, { name: 'open-home', text, values: [slack_user_id, team_id, shown, at] })
}

/** Has somebody's Home drawn, if it is kept up to date. */
export async function redrawHome(database: Database, slack_user_id: string, at: Date): Promise<void> {
  const text = `insert into job (kind, payload, lane, due_at)
    select ${drawing('$2::timestamptz')} from home h where h.slack_user_id = $1`
  await write(database, { name: 'redraw-home', text, values: [slack_user_id, at] })
}

/** Has every Home drawn that is kept up to date: what they all go by has changed. */
export async function redrawHomes(client: pg.PoolClient, at: Date): Promise<void> {
  await client.query({
    name: 'redraw-homes',
    text: `insert into job (kind, payload, lane, due_at)
      select ${drawing('$1::timestamptz')} from home h where ${isKept('$1::timestamptz')}`,
    values: [at],
  })
}

/**
 * The Home that is about to be drawn, from what is committed by now: one drawing does for all the jobs that wait for it. Null
 * where it is not kept up to date.
 */
export async function beginHome(database: Database, slack_user_id: string): Promise<HomeRow | null> {
  const text = `with done as (
      delete from job where kind = 'home' and lane = 'home:' || $1 and holder is null and dead_at is null
    )
    select slack_user_id, team_id, roles, is_admin, shown from home where slack_user_id = $1`
  const { rows } = await write<HomeRow>(database, { name: 'begin-home', text, values: [slack_user_id] })
  return rows[0] ?? null
}

/** By then whatever was being written while somebody's roles were read is committed, in milliseconds. */
const settledMs = 2_000

/**
 * Remembers whose news a Home shows. What is opened in a new role just now may not know it yet: it is drawn once more a
 * little later, by a job in no lane, where it would keep what comes before from being drawn.
 */
export async function keepReader(
  database: Database,
  { slack_user_id, roles, is_admin }: Pick<HomeRow, 'slack_user_id' | 'roles' | 'is_admin'>,
  now: Date,
): Promise<void> {
  const text = `with h as (update home set roles = $2, is_admin = $3 where slack_user_id = $1)
    insert into job (kind, payload, due_at) values ('home', $4::json, $5)`
  const once_more = JSON.stringify({ slack_user_id, once_more: true })
  const later = new Date(now.getTime() + settledMs)
  await write(database, {
    name: 'keep-reader',
    text,
    values: [slack_user_id, roles, is_admin, once_more, later],
  })
}

/** Remembers what a Home shows. */
export async function keepHome(database: Database, slack_user_id: string, shown: string): Promise<void> {
  const text = 'update home set shown = $2 where slack_user_id = $1'
  await write(database, { name: 'keep-home', text, values: [slack_user_id, shown] })
}

/** What somebody voted on since then, or approved alone, what they voted on last first; at most `limit`. */
export async function listVotedBy(
  database: Database,
  slack_user_id: string,
  since: Date,
  limit: number,
): Promise<Approval[]> {
  const text = `select approval_id from event
    where person = $1 and type in ('vote.cast', 'glass.broken') and at > $2
    group by approval_id order by max(at) desc, max(id) desc limit $3::int`
  const { rows } = await reach(() =>
    database.pool.query<{ approval_id: string }>({
      name: 'list-voted-by',
      text,
      values: [slack_user_id, since, limit],
    }),
  )
  const ids = rows.map(({ approval_id }) => approval_id)
  const found = new Map((await findApprovals(database, ids)).map((approval) => [approval.id, approval]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** How many approvals wait at all, and how many of them nobody can decide right now. */
export async function countWaiting(database: Database): Promise<{ waiting: number; unreachable: number }> {
  const text = `select count(*)::int as waiting, count(unreachable)::int as unreachable from approval where status = 'pending'`
  const { rows } = await reach(() =>
    database.pool.query<{ waiting: number; unreachable: number }>({ name: 'count-waiting', text }),
  )
  return rows[0] ?? { waiting: 0, unreachable: 0 }
}
