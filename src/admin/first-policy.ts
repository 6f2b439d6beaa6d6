import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { StartRefused } from '../platform/start-refused.ts'
import { judgePeople, parsePolicy, unasked } from '../policy/index.ts'
import { addPolicyVersion, newestPolicy } from '../store/policy-versions.ts'
import type { AdminParts } from './index.ts'
import { adminEvent } from './record.ts'

/**
 * The policy file becomes version 1 where the database has no policy yet. Later the database counts, and a file that
 * differs from it is only warned of.
 *
 * @throws StartRefused with every fault of the document and its line
 */
export async function installFirstPolicy(
  { database, clock }: AdminParts,
  path: string,
  log: Logger,
): Promise<void> {
  const [text, newest] = await Promise.all([readPolicy(path), newestPolicy(database)])
  if (newest) {
    if (text !== null && text !== newest.document)
      log.warn(
        { policy_file: path, version: newest.version },
        'the policy file differs from the policy in the database, which counts',
      )
    return
  }
  if (text === null)
    throw new StartRefused([`POLICY_FILE ${path} cannot be read, and the database has no policy yet`])
  const parsed = parsePolicy(text)
  if (!parsed.ok)
    throw new StartRefused(
      parsed.faults.map(({ line, column, detail }) => `POLICY_FILE ${path}:${line}:${column} ${detail}`),
    )
  const now = clock.now()
  // Slack is not asked yet: the start does not depend on it.
  const { warnings } = judgePeople(parsed, unasked, now)
  for (const { line, column, detail } of [...parsed.warnings, ...warnings])
    log.warn(`${path}:${line}:${column} ${detail}`)
  const event = adminEvent('policy.saved', { type: 'countersign' }, now, {
    version: 1,
    before: null,
    note: `from ${path}`,
  })
  // Another replica may have been first: then its version 1 counts.
  await addPolicyVersion(
    database,
    {
      version: 1,
      document: text,
      author: 'countersign',
      note: `from ${path}`,
      created_at: now,
      confirmed_by: null,
    },
    event,
  )
}

async function readPolicy(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}
