import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark } from './frame/benchmark.ts'
import { query } from './frame/database.ts'
import { openBenchDesk } from './frame/desk.ts'
import { figure } from './frame/numbers.ts'

const waiting = 100_000
const replicas = 2
const seconds = 30

/** What replicas ask of the database while there is nothing to do. */
export const idle: Benchmark = {
  name: 'idle',
  async run({ databases, note }) {
    const url = await databases.create('idle')
    await query(url, 'create extension if not exists pg_stat_statements')
    const desk = await openBenchDesk(url, replicas)
    try {
      await query(
        url,
        `insert into job (kind, payload, due_at)
         select 'timer', '{}', now() + interval '1 day' from generate_series(1, ${waiting})`,
      )
      await query(url, 'analyze')
      await delay(5_000)
      await query(url, 'select pg_stat_statements_reset()')
      note(`${seconds} s of nothing to do`)
      await delay(seconds * 1_000)
      const rows = await query<{ text: string; calls: string; mean_ms: number }>(
        url,
        `select regexp_replace(left(query, 48), '\\s+', ' ', 'g') as text, sum(calls)::text as calls,
           (sum(total_exec_time) / sum(calls)) as mean_ms
         from pg_stat_statements s join pg_database d on d.oid = s.dbid
         where d.datname = current_database() and query not like '%pg_stat_statements%'
         group by 1 order by sum(calls) desc`,
      )
      const each = (calls: number) => calls / seconds / replicas
      const total = each(rows.reduce((sum, { calls }) => sum + Number(calls), 0))
      return {
        title: 'Idle replicas',
        about: `Statements that PostgreSQL ran in ${seconds} s for ${replicas} replicas with ${waiting.toLocaleString('en')} timers waiting and nothing due, by \`pg_stat_statements\`.`,
        columns: ['statement', 'a second and replica', 'mean time'],
        rows: [
          ...rows.map(({ text, calls, mean_ms }) => [
            `\`${text.replaceAll('|', '\\|')}…\``,
            figure(each(Number(calls))),
            figure(mean_ms, 'ms'),
          ]),
          ['all', figure(total), ''],
        ],
        verdict: `Target: at most 1. ${total <= 1 ? 'Met' : 'Missed'}.`,
      }
    } finally {
      await desk.close()
    }
  },
}
