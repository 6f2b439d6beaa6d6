import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Rules of the house that no lint rule knows. What a room may import is in .dependency-cruiser.mjs.

function* sources(folder: string): Generator<{ path: string; text: string }> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && path.endsWith('.ts') && !path.includes('generated'))
      yield { path, text: readFileSync(path, 'utf8') }
  }
}

const clock = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/
const randomness = /\bMath\.random\(|\bcrypto\.random|\brandom(Bytes|Int|UUID)\(/

test.each([
  ['approval and policy read no clock', /^src\/(approval|policy)\//, clock],
  ['approval and policy roll no dice', /^src\/(approval|policy)\//, randomness],
  [
    'time comes from the injected clock',
    /^src\/(store|flow|jobs|intake|slack|admin|audit|cli)\//,
    /\bDate\.now\(|\bnew Date\(\)/,
  ],
  [
    'only platform and the entry points read the environment',
    /^src\/(?!platform\/|[a-z-]+\.ts$)/,
    /\bprocess\.env\b/,
  ],
  ['no file is everyone’s drawer', /^src\/(.*\/)?(utils?|helpers?|types|common|misc|shared)(\.ts|\/)/, /^/],
])('%s', (_rule, where, forbidden) => {
  const breaches = [...sources('src')]
    .filter(({ path, text }) => where.test(path) && forbidden.test(text))
    .map(({ path }) => path)
  expect(breaches).toEqual([])
})
