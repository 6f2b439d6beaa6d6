import pg from 'pg'
import { closedLoop } from './closed-loop.ts'
import { answerEach, setting } from './said.ts'

// The least that any program must do to keep a request: the rows that one request of ours becomes, in one statement of
// three inserts through `pg`, with nothing around it.

export type PlainRow = { table: string; columns: string[]; types: string[]; values: (string | null)[] }

const { url, rows, connections } = setting as { url: string; rows: PlainRow[]; connections: number }
const pool = new pg.Pool({ connectionString: url, max: connections })

const tables = [...new Set(rows.map((row) => row.table))]
const placeOf = numbers()
const parts = tables.map((table) => {
  const ofTable = rows.filter((row) => row.table === table)
  const tuples = ofTable.map((row) => `(${row.types.map((type) => `$${placeOf()}::${type}`).join(', ')})`)
  return `insert into ${table} (${ofTable[0]!.columns.join(', ')}) values ${tuples.join(', ')}`
})
const [last, ...first] = parts.toReversed()
const text = `with ${first.map((part, index) => `part${index} as (${part})`).join(', ')} ${last}`
const values = tables
  .flatMap((table) => rows.filter((row) => row.table === table))
  .flatMap((row) => row.values)
const id = rows[0]!.values[rows[0]!.columns.indexOf('id')]!
let count = 0

answerEach((message) =>
  closedLoop(connections, (message as { seconds: number }).seconds, async () => {
    const fresh = `${id.slice(0, -12)}${String(count++).padStart(12, '0')}`
    const own = values.map((value) => value?.replaceAll(id, fresh) ?? null)
    await pool.query({ name: 'plain', text, values: own })
  }),
)

function numbers(): () => number {
  let next = 0
  return () => ++next
}
