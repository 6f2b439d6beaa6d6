import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hash, inRoot, read, say, SetupFailed } from './folder.mjs'
import { lockHash } from './packages.mjs'
import { run } from './run.mjs'

const clientStamp = inRoot('node_modules/.countersign-client')
const clientHash = () => hash(readFileSync(inRoot('prisma/schema.prisma')), lockHash())
export const clientReady = () =>
  read(clientStamp) === clientHash() && existsSync(inRoot('src/store/generated/client.ts'))

export async function makeClient(node) {
  say('generating the database client')
  const { code, output } = await run(node, [inRoot('node_modules/prisma/build/index.js'), 'generate'], {
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  })
  if (code !== 0)
    throw new SetupFailed(`${output}\nprisma/schema.prisma could not be made into a client: see above.`)
  writeFileSync(clientStamp, clientHash())
}
