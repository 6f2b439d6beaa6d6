import type { DeadJob } from '../admin/dead-jobs.ts'
import { refused, type Command } from './command.ts'

export const jobsDead: Command = {
  usage: 'jobs dead',
  about: 'the jobs that were given up, with why',
  options: [],
  words: { least: 0, most: 0 },
  async run({ admin }) {
    const jobs = await admin.deadJobs()
    return { ok: true, lines: jobs.length > 0 ? jobs.map(line) : ['No job was given up.'], json: jobs }
  },
}

export const jobsRetry: Command = {
  usage: 'jobs retry JOB_ID|all',
  about: 'runs a job that was given up again, or all of them',
  options: [],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [which = ''] }) {
    const retried = await admin.retryJobs(which, { type: 'operator' })
    if ('refused' in retried) return refused(retried.refused)
    const lines = retried.map(({ id, kind }) => `Job ${id} (${kind}) is queued again.`)
    return { ok: true, lines: lines.length > 0 ? lines : ['No job was given up.'], json: retried }
  },
}

function line({ id, kind, payload, attempts, dead_at, last_error }: DeadJob): string {
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`
  return `${id}  ${kind} ${JSON.stringify(payload)}  given up ${dead_at.toISOString()} after ${tries}: ${last_error ?? 'no reason was kept'}`
}
