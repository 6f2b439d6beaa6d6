// node bin/setup.mjs COMMAND…
// Makes this folder ready, then runs COMMAND: a Node that is new enough, the packages, the database client. Plain
// JavaScript for Node 20 without any package, because it runs where there is nothing yet. What it says goes to standard
// error, and it says nothing where all is ready.
import { alone } from './setup/alone.mjs'
import { clientReady, makeClient } from './setup/client.mjs'
import { say, SetupFailed } from './setup/folder.mjs'
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
  const { code, signal } = await start(command === 'node' ? node : command, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: pathWith(node) },
  })
  if (signal) dieBy(signal)
  else process.exitCode = code
}

main(process.argv.slice(2)).catch((error) => {
  say(error instanceof SetupFailed ? error.message : error.stack)
  process.exitCode = 1
})
