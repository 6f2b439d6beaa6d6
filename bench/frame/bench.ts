import { startDatabaseServer, type DatabaseServer } from './database.ts'

/** What every benchmark is given. */
export type Bench = {
  databases: DatabaseServer
  /** Tells whoever watches how far it is. */
  note(words: string): void
}

export async function openBench(): Promise<Bench & { close(): Promise<void> }> {
  const databases = await startDatabaseServer()
  return {
    databases,
    note: (words) => void process.stderr.write(`  ${words}\n`),
    close: () => databases.stop(),
  }
}
