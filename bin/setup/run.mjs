import { spawn } from 'node:child_process'
import path from 'node:path'
import { root, SetupFailed } from './folder.mjs'

/** The program that runs now: what stops this process stops it. */
let child = null

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!child) return dieBy(signal)
    // A terminal sends its Ctrl-C to the program as well, and many take a second one for "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  })
}

/** Ends this process as that signal would have, for whoever waits to know why. */
export function dieBy(signal) {
  process.removeAllListeners(signal)
  process.exitCode = 1
  process.kill(process.pid, signal)
}

/** Resolves to how the program ended: `{ code, signal }`, one of them null. */
export function start(command, args, options) {
  return new Promise((resolve, reject) => {
    child = spawn(command, args, options)
    child.once('error', (error) => {
      child = null
      reject(new SetupFailed(`${command} cannot be run: ${error.message}`))
    })
    child.once('exit', (code, signal) => {
      child = null
      resolve({ code, signal })
    })
    options.onStart?.(child)
  })
}

/** Runs a program quietly: its output is kept for the case that it fails. */
export async function run(command, args, env = {}) {
  let output = ''
  const { code, signal } = await start(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    onStart({ stdout, stderr }) {
      for (const stream of [stdout, stderr]) stream.on('data', (text) => (output += text))
    },
  })
  if (signal) dieBy(signal)
  return { code, output }
}

/** npm, on the Node that the program will have. */
export async function npm(node, args, { advice = '' }) {
  // The npm that runs this script; else whichever is on the path.
  const cli = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : null
  const env = { PATH: pathWith(node) }
  const { code, output } = cli ? await run(node, [cli, ...args], env) : await run('npm', args, env)
  if (code === 0) return
  throw new SetupFailed(
    `${output}\nnpm ${args[0]} failed: see above. Is the package registry reachable? ${advice}`,
  )
}

export const pathWith = (node) => path.dirname(node) + path.delimiter + process.env.PATH
