import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { keptSecretKey, keptSecretKeyIfAny } from '../../src/platform/secret-key.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the key is made once, for its owner alone, and nothing lies about beside it', async () => {
  expect(await keptSecretKeyIfAny(folder)).toBeNull()
  const made = await keptSecretKey(folder)
  expect(made).toHaveLength(32)
  expect(await keptSecretKey(folder)).toEqual(made)
  expect(await keptSecretKeyIfAny(folder)).toEqual(made)
  expect(await readdir(folder)).toEqual(['secret-key'])
  expect((await stat(join(folder, 'secret-key'))).mode & 0o777).toBe(0o600)
})

test('many starts at once get the same key, and none of them half of it', async () => {
  const keys = await Promise.all(Array.from({ length: 50 }, () => keptSecretKey(folder)))
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
})

test('a start that is killed while it makes the key leaves none, and the next makes one', async () => {
  const module = fileURLToPath(new URL('../../src/platform/secret-key.ts', import.meta.url))
  // Dies between the making of a file and the writing of what it says.
  const program = `
    import { open } from 'node:fs/promises'
    const file = await open('/dev/null')
    Object.getPrototypeOf(file).writeFile = async () => process.kill(process.pid, 'SIGKILL')
    const { keptSecretKey } = await import(${JSON.stringify(module)})
    await keptSecretKey(${JSON.stringify(folder)})`
  const killed = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' })

  expect(await keptSecretKeyIfAny(folder)).toBeNull()
  expect(await keptSecretKey(folder)).toHaveLength(32)
})

test('what is not a key is refused, and stays', async () => {
  await writeFile(join(folder, 'secret-key'), 'half a k')
  await expect(keptSecretKey(folder)).rejects.toMatchObject({
    name: 'StartRefused',
    message: expect.stringContaining('does not hold a key of 32 bytes'),
  })
  expect(await readFile(join(folder, 'secret-key'), 'utf8')).toBe('half a k')
})

test('a place that cannot be read or written is named', async () => {
  await mkdir(join(folder, 'secret-key'))
  await expect(keptSecretKeyIfAny(folder)).rejects.toMatchObject({ name: 'StartRefused' })
  await expect(keptSecretKey(join(folder, 'no', '\0'))).rejects.toMatchObject({
    name: 'StartRefused',
    message: expect.stringContaining('cannot be written'),
  })
})
