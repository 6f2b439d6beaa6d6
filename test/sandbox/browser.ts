import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const script = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())`

/**
 * Where the browser of `@sparticuz/chromium` lies unpacked. The package unpacks into the temporary folder and takes
 * whatever it finds there for finished, so that test files starting at the same moment would run half a browser.
 * Here each unpacks into a folder of its own, and the first to be ready gives it its lasting name.
 */
async function unpackedBrowser(): Promise<string> {
  const version = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'))
  const name = `sandbox-browser-${version.replaceAll(/\W+/g, '-')}`
  const folder = join(tmpdir(), name)
  if (!existsSync(folder)) {
    const own = await mkdtemp(`${folder}-`)
    // In a process of its own: within Jest, a changed environment does not reach `os.tmpdir()`.
    await promisify(execFile)(process.execPath, ['-e', script], { env: { ...process.env, TMPDIR: own } })
    await rename(own, folder).catch(() => rm(own, { recursive: true }))
  }
  return join(folder, 'chromium')
}

/** A real browser without a window, from the packages alone. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: await unpackedBrowser(),
    // Containers run as root and have a small /dev/shm; neither suits the browser's own sandbox and shared memory.
    args: ['--no-sandbox', '--no-zygote', '--disable-dev-shm-usage', '--font-render-hinting=none'],
  })
}
