import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { withDatabase } from '../../src/store/url.ts'

/**
 * A database of a test file's own, with every migration applied, on the server of this Jest run (see server.ts). The
 * first caller of the run waits for the server to start, some seconds; a database takes some 30 ms.
 *
 * `url` is its owner's, and `runner_url` that of the role which the app runs as.
 *
 * @param of a database to be copied with all that is in it, to which nobody is connected
 */
export async function createDatabase(
  of?: string,
): Promise<{ url: string; runner_url: string; drop(): Promise<void> }> {
  const server = await testServerUrls()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = of === undefined ? server.copy : new URL(of).pathname.slice(1)
  // Copying the files beats writing them to the log, where nothing is synced to disk.
  await onServer(server.url, `create database ${name} template ${template} strategy file_copy`)
  return {
    url: withDatabase(server.url, name),
    runner_url: withDatabase(server.runner_url, name),
    drop: () => onServer(server.url, `drop database if exists ${name} with (force)`),
  }
}

/** The address of a migrated database that all tests share. */
export async function testServer(): Promise<string> {
  return (await testServerUrls()).url
}

/** `copy` is the name of the database that others are copied from: nothing may connect to it. */
type Server = { url: string; runner_url: string; copy: string }

async function testServerUrls(): Promise<Server> {
  const address = process.env.TEST_SERVER
  if (!address) throw new Error('run this with Jest, whose globalSetup starts the database server')
  const response = await fetch(address)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return JSON.parse(text) as Server
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
