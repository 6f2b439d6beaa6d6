import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Table } from './benchmark.ts'

const paper = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))

/** A table in Markdown, as it is printed and as it is kept. */
export function inMarkdown(name: string, table: Table, when: Date): string {
  const { title, about, columns, rows, verdict } = table
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
  )
  const line = (cells: string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  const rule = line(widths.map((width) => '-'.repeat(width)))
  return [
    `### ${title}`,
    about,
    [line(columns), rule, ...rows.map(line)].join('\n'),
    verdict,
    `_\`npm run bench -- ${name}\`, ${machine()}, ${when.toISOString().slice(0, 10)}_`,
  ].join('\n\n')
}

/** Puts each table into docs/performance.md, between the two comments that bear its benchmark's name. */
export async function keep(tables: Map<string, string>): Promise<void> {
  let text = await readFile(paper, 'utf8')
  for (const [name, table] of tables) {
    const between = new RegExp(`(<!-- bench ${name} -->\n)[^]*?(\n<!-- end ${name} -->)`)
    if (!between.test(text)) throw new Error(`docs/performance.md has no place for ${name}`)
    text = text.replace(between, (_all, start: string, end: string) => `${start}\n${table}\n${end}`)
  }
  await writeFile(paper, text)
}

function machine(): string {
  const [cpu] = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${cpu?.model.trim() || 'CPU'}, ${gigabytes} GB, Node ${process.versions.node}`
}
