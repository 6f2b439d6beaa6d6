import { existsSync, writeFileSync } from 'node:fs'
import { inRoot, read, say, SetupFailed } from './folder.mjs'
import { npm, run } from './run.mjs'

/** The oldest Node that runs this program's TypeScript as it is, and the one that is fetched where there is none. */
const oldestMajor = 24
const fetchedVersion = '24.21.0'

const keptNode = inRoot('.runtime/node_modules/.bin/node')
const keptNodeStamp = inRoot('.runtime/node-checked')

/** The Node to run with, or null where one has to be fetched first. */
export function readyNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldestMajor) return process.execPath
  return read(keptNodeStamp) === platform() && existsSync(keptNode) ? keptNode : null
}

export async function makeNode() {
  if (await keptNodeRuns()) return
  say(`fetching Node ${fetchedVersion} into .runtime (this machine has ${process.versions.node})`)
  // The package that `node@24` would fetch by an install script, which npm blocks since version 11.
  const prefix = platform() === 'darwin-arm64' ? 'node-bin' : 'node'
  const name = `${prefix}-${platform()}@${fetchedVersion}`
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund']
  await npm(process.execPath, ['install', '--prefix', inRoot('.runtime'), ...options, name], {
    advice: `Or install Node ${oldestMajor} or newer yourself: https://nodejs.org`,
  })
  if (await keptNodeRuns()) return
  throw new SetupFailed(
    `Node ${fetchedVersion} from npm does not run here. Install Node ${oldestMajor} or newer.`,
  )
}

/** Once seen to run, it is not tried again: that would cost every start. */
async function keptNodeRuns() {
  if (!existsSync(keptNode)) return false
  const { code, output } = await run(keptNode, ['-p', 'process.versions.node'])
  if (code !== 0 || Number.parseInt(output, 10) < oldestMajor) return false
  writeFileSync(keptNodeStamp, platform())
  return true
}

const platform = () => `${process.platform}-${process.arch}`
