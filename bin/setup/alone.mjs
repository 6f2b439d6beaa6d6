import { mkdirSync, renameSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inRoot, parse, read, say } from './folder.mjs'

const lock = inRoot('.runtime/setup-lock')
const heartbeatMs = 2_000

/** Runs `work` while no other process of this folder does. A lock whose owner is gone is taken over. */
export async function alone(work) {
  mkdirSync(path.dirname(lock), { recursive: true })
  const owner = JSON.stringify({ pid: process.pid, host: hostname() })
  for (let waited = false; !takeLock(owner); waited = true) {
    if (!waited) say('waiting for another set-up of this folder')
    breakStaleLock()
    await pause(100)
  }
  const release = () => rmSync(lock, { recursive: true, force: true })
  process.once('exit', release)
  const heartbeat = setInterval(() => utimes(lock, new Date(), new Date(), () => undefined), heartbeatMs)
  try {
    await work()
  } finally {
    clearInterval(heartbeat)
    process.off('exit', release)
    release()
  }
}

function takeLock(owner) {
  try {
    mkdirSync(lock)
    writeFileSync(path.join(lock, 'owner'), owner)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function breakStaleLock() {
  const owner = read(path.join(lock, 'owner'))
  const { pid, host } = parse(owner) ?? {}
  const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  const silent = Date.now() - touched > 10 * heartbeatMs
  if (!silent && !(host === hostname() && !isAlive(pid))) return
  // Only one of several who see this can move it, and one who moved a newer lock by mistake gives it back.
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    if (read(path.join(aside, 'owner')) === owner) rmSync(aside, { recursive: true, force: true })
    else renameSync(aside, lock)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY') throw error
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
