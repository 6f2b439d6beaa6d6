import { Worker } from 'node:worker_threads'
import type { Json, JsonObject } from '../approval/approval.ts'
import type { JsonFault } from './fault.ts'

/** What is wrong with a value, or why its schema could not be used. */
export type SchemaAnswer = { faults: JsonFault[] } | { unusable: string }

/** How long one check may take once its thread is ready, in milliseconds: Slack waits 3 s for what needs it. */
const patienceMs = 1_000

/** More memory than that no honest schema needs. */
const memoryMb = 64

/**
 * Checks a value against a JSON Schema (2020-12) that a stranger wrote. Compiling one, its patterns and what its references
 * multiply to can take forever, and nothing within a thread can stop that: so each check has a thread of its own, with
 * little memory, which is ended when its time is over.
 */
export async function checkSchema(schema: JsonObject, value: Json): Promise<SchemaAnswer> {
  const worker = new Worker(new URL('./schema-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<SchemaAnswer>((resolve) => {
      worker.once('message', () => {
        timer = setTimeout(() => resolve({ unusable: 'checking it takes too long' }), patienceMs)
        worker.once('message', resolve)
        worker.postMessage({ schema, value })
      })
      worker.once('error', (error) => resolve({ unusable: error.message }))
      worker.once('exit', () => resolve({ unusable: 'its check came to no end' }))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
