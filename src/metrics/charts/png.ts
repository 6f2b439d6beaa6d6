import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Pictures as PNG, each twice as large as its SVG says; drawn in a thread of their own. */
export async function toPng(svgs: readonly string[]): Promise<Uint8Array[]> {
  if (svgs.length === 0) return []
  const worker = new Worker(new URL('./png-worker.ts', import.meta.url), {
    workerData: svgs,
    env: {},
    execArgv: [],
  })
  try {
    const [pictures] = (await once(worker, 'message')) as [Uint8Array[]]
    return pictures
  } finally {
    await worker.terminate()
  }
}
