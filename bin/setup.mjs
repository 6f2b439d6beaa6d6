// node bin/setup.mjs COMMAND…
// Makes this folder ready, then runs COMMAND: a Node that is new enough, the packages, the database client. Where COMMAND
// begins with `node`, it is that Node, with the variables of `.env` if there is such a file. Plain JavaScript for Node 20
// without any package, because it runs where there is nothing yet. What it says goes to standard error, and it says
// nothing where all is ready.
import { existsSync } from 'node:fs'
import { alone } from './setup/alone.mjs'
import { clientReady, makeClient } from './setup/client.mjs'
import { inRoot, say, SetupFailed } from './setup/folder.mjs'
import { makeNode, readyNode } from './setup/node.mjs'
import { makePackages, packagesReady } from './setup/packages.mjs'
import { dieBy, pathWith, start } from './setup/run.mjs'

async function makeReady() {
  if (readyNode() && packagesReady() && clientReady()) return
  await alone(async () => {
    if (!readyNode()) await makeNode()
    if (!packagesReady()) await makePackages(readyNode())
    if (!clientReady()) await makeClient(readyNode())
  })
}

async function main([command, ...args]) {
  if (!command) throw new SetupFailed('usage: node bin/setup.mjs COMMAND…')
  await makeReady()
  const node = readyNode()
  const [program, ...flags] = command === 'node' ? [node, ...nodeFlags()] : [command]
  const { code, signal } = await start(program, [...flags, ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: pathWith(node) },
  })
  if (signal) dieBy(signal)
  else process.exitCode = code
}

/** What is set in the environment counts before what `.env` says. */
function nodeFlags() {
  const env = inRoot('.env')
  // Without asking first: the flag for a file that may be missing says so on every start.
  return ['--disable-warning=ExperimentalWarning', ...(existsSync(env) ? [`--env-file=${env}`] : [])]
}

main(process.argv.slice(2)).catch((error) => {
  say(error instanceof SetupFailed ? error.message : error.stack)
  process.exitCode = 1
})
