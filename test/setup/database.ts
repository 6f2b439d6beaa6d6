import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { withDatabase } from '../../src/store/url.ts'

/**
 * A database of a test file's own, with every migration applied, on the server of this Jest run (see server.ts). The
 * first caller of the run waits for the server to start, some seconds; a database takes some 30 ms.
 *
 * @param of a database to be copied with all that is in it, to which nobody is connected
 */
export async function createDatabase(of?: string): Promise<{ url: string; drop(): Promise<void> }> {
  const template_url = await testServer()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = new URL(of ?? template_url).pathname.slice(1)
  // Copying the files beats writing them to the log, where nothing is synced to disk.
  await onServer(template_url, `create database ${name} template ${template} strategy file_copy`)
  return {
    url: withDatabase(template_url, name),
    drop: () => onServer(template_url, `drop database if exists ${name} with (force)`),
  }
}

/** The address of the migrated database that others are copied from; nothing may connect to that one itself. */
export async function testServer(): Promise<string> {
  const address = process.env.TEST_SERVER
  if (!address) throw new Error('run this with Jest, whose globalSetup starts the database server')
  const response = await fetch(address)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(url, 'postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
