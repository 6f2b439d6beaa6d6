import { createInterface } from 'node:readline'

// Loaded before the server, which is otherwise as it always is: it dies when the pipe on its standard input ends, that
// is, when whoever started it is gone, however that came. A line `block MS` makes it stuck for that long.

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const ms = /^block ([0-9]+)$/.exec(line)?.[1]
  if (ms) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms))
})
lines.on('close', () => process.kill(process.pid, 'SIGKILL'))
if ('unref' in process.stdin) process.stdin.unref()
