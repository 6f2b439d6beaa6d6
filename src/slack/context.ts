import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import type { Flow } from '../flow/flow.ts'
import type { Admin } from '../admin/index.ts'
import type { Metrics } from '../metrics/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Files } from './files.ts'
import type { Workspace } from './workspace/workspace.ts'

/** What every listener and command works with. */
export type SlackParts = {
  flow: Flow
  admin: Admin
  audit: Audit
  metrics: Metrics
  workspace: Workspace
  files: Files
  /** For modals and private answers; never for posts. */
  interactive: WebClient
  clock: Clock
  log: Logger
}
