import type { Pool } from 'pg'

/** What may only be added to: for the role that runs the app, what was written stays as it is. */
const addedTo = ['event', 'checkpoint']

/** What grows in place, and loses nothing: see the triggers of its migration. */
const grown = ['log_tile']

/** Prisma's own list of migrations, and what else only whoever migrates writes. */
const read = ['_prisma_migrations']

/** For each table and sequence what the role ($1) is to have, and has not. */
const missing = `select format('grant %s on %s %I.%I to %I', right_, kind, 'public', name, $1::text) as statement
  from (
    select c.relname as name, case when c.relkind = 'S' then 'sequence' else 'table' end as kind, w.right_,
      case when c.relkind = 'S' then has_sequence_privilege($1, c.oid, w.right_) else has_table_privilege($1, c.oid, w.right_) end as has
    from pg_class c cross join lateral unnest(case
      when c.relkind = 'S' then array['usage']
      when c.relname = any($2::text[]) then array['select', 'insert']
      when c.relname = any($3::text[]) then array['select', 'insert', 'update']
      when c.relname = any($4::text[]) then array['select']
      else array['select', 'insert', 'update', 'delete'] end) as w (right_)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'S')
  ) wanted where not has
  union all
  select format('grant usage on schema public to %I', $1::text) where not has_schema_privilege($1, 'public', 'usage')`

/** What somebody granted the role that it is not to have, by name; what an owner or a superuser may, nobody can take away. */
const excess = `select format('revoke %s on table public.%I from %I', g.privilege_type, g.table_name, $1::text) as statement
  from information_schema.table_privileges g
  join pg_class c on c.relname = g.table_name and c.relnamespace = 'public'::regnamespace
  where g.grantee = $1 and g.table_schema = 'public' and pg_get_userbyid(c.relowner) <> $1
    and (g.table_name = any($2::text[]) and g.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
      or g.table_name = any($3::text[]) and g.privilege_type in ('DELETE', 'TRUNCATE'))`

/** The statements by which the role gets what running the app takes, and no more; none where it has just that. */
export async function grantsFor(pool: Pool, role: string): Promise<string[]> {
  const { rows: to_give } = await pool.query<{ statement: string }>(missing, [role, addedTo, grown, read])
  const { rows: to_take } = await pool.query<{ statement: string }>(excess, [role, addedTo, grown])
  return [...to_give, ...to_take].map(({ statement }) => statement)
}
