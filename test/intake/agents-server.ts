import { once } from 'node:events'
import { createServer } from 'node:http'
import express from 'express'
import { pino } from 'pino'
import type { Action } from '../../src/approval/approval.ts'
import type { KnownAgent } from '../../src/flow/agent-desk.ts'
import type { FindVoters } from '../../src/flow/prospects.ts'
import { createIntake } from '../../src/intake/intake.ts'
import type { Fault } from '../../src/intake/fault.ts'
import { cellOf } from '../../src/metrics/cell.ts'
import type { Metrics } from '../../src/metrics/index.ts'
import { figuresOf } from '../../src/metrics/measures.ts'
import { memoryDesk } from './memory-desk.ts'
import { movedClock } from '../setup/moved-clock.ts'

export const keys = {
  good: 'csk_refund',
  other: 'csk_deploy',
  disabled: 'csk_retired',
  unknown: 'csk_nobody',
}

/** All that an answer may hold; a test reads what its own answer has. */
export type Body = {
  id: string
  type: string
  status: string | number
  detail: string
  errors: Fault[]
  data: Body[]
  next_cursor: string | null
  approval: Body
  run_id: string | null
  action: Action
  action_digest: string
  created_at: string
  permit: string | null
  effective_action: Action | null
  keys: { kid: string }[]
}

export type Reply = { status: number; headers: Headers; body: Body }

const agents = new Map<string, KnownAgent>([
  [keys.good, agent('refund-bot', false)],
  [keys.other, agent('deploy-bot', false)],
  [keys.disabled, agent('retired-bot', true)],
])

function agent(name: string, disabled: boolean): KnownAgent {
  return { id: `agt_${name}`, name, owner: 'U_ALICE', environment: 'production', disabled }
}

/** What an agent's report is while nothing has happened. */
const noReport: Metrics['report'] = async ({ agent, by }) => {
  const nothing = figuresOf({ cell: cellOf([]), approvers: null }, null)
  const window = { from: new Date(0), to: new Date(3_600_000) }
  return {
    window,
    before: window,
    as_of: null,
    agent,
    by,
    figures: nothing,
    figures_before: nothing,
    groups: [],
    left_off: 0,
    approvers: null,
  }
}

/** The intake on a real port, with its desk, its clock, and all that it logged. */
export async function startServer() {
  const clock = movedClock()
  const memory = memoryDesk(clock, agents)
  const logged: { level: number; msg: string }[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
  const state = { draining: false }
  const carol = { slack_user_id: 'U_CAROL', roles: ['platform'] }
  const voters: FindVoters = async () => ({ problems: {}, voters: [carol] })
  const app = express().use(
    createIntake({
      desk: memory.desk,
      voters,
      metrics: { report: noReport },
      clock,
      log,
      draining: () => state.draining,
    }),
  )
  // An idle connection is the client's to close: on a slow machine it may ask on one that the server has just given up.
  const server = createServer({ keepAliveTimeout: 0 }, app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  const { port } = address
  const url = `http://127.0.0.1:${port}`

  /** Sends `json` as JSON, or `body` as it is; with the good agent's key unless another is named. */
  async function call(
    method: string,
    path: string,
    options: {
      json?: unknown
      body?: string | Uint8Array
      headers?: Record<string, string>
      key?: string | null
      signal?: AbortSignal
    } = {},
  ): Promise<Reply> {
    const { json, body, key = keys.good, headers = {}, signal } = options
    const bytes = json === undefined ? body : JSON.stringify(json)
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      // As bytes, so that fetch adds no content type of its own.
      ...(bytes === undefined
        ? {}
        : { body: typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes) }),
      ...(signal === undefined ? {} : { signal }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }

  return {
    url,
    port,
    clock,
    call,
    logged,
    state,
    desk: memory,
    open: (body: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
      call('POST', '/v1/approvals', { json: { action: { tool: 'stripe.refund' }, ...body }, headers }),
    defects: () => logged.filter(({ level }) => level >= 50),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
