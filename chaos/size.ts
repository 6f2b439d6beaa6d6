import { parseArgs } from 'node:util'

/** How big a run is. Everything that is chosen by chance follows from `seed`; when it happens does not. */
export type Size = {
  seed: number
  /** How many approvals are asked for. */
  approvals: number
  /** How often a replica is killed with SIGKILL. */
  kills: number
  /** How long the asking and the killing go on; settling comes after. */
  minutes: number
  /** `slack`: the sandbox holds the app to Slack's own rates. */
  rates: 'off' | 'slack'
  replicas: number
  agents: number
  /** Stretches people's and deadlines' times: 1 is usual, below it a run is brief and has one trouble of each kind. */
  tempo: number
}

/** At Slack's rates a minute has 50 updates of messages, and each decided approval needs one. */
const usual = {
  off: { approvals: 20_000, kills: 200, minutes: 15 },
  slack: { approvals: 240, kills: 20, minutes: 8 },
}

/** Reads the command line; throws an `Error` naming what is wrong with it. */
export function readSize(args: string[]): Size {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      approvals: { type: 'string' },
      kills: { type: 'string' },
      minutes: { type: 'string' },
      rates: { type: 'string', default: 'off' },
    },
  })
  const { rates } = values
  if (rates !== 'off' && rates !== 'slack') throw new Error('--rates is slack or off')
  const number = (name: 'seed' | 'approvals' | 'kills' | 'minutes', fallback: number) => {
    const text = values[name]
    if (text === undefined) return fallback
    if (!/^[0-9]+(\.[0-9]+)?$/.test(text)) throw new Error(`--${name} is a number`)
    return Number(text)
  }
  return {
    seed: number('seed', 1),
    approvals: number('approvals', usual[rates].approvals),
    kills: number('kills', usual[rates].kills),
    minutes: number('minutes', usual[rates].minutes),
    rates,
    replicas: 3,
    agents: 6,
    tempo: rates === 'slack' ? 3 : 1,
  }
}
