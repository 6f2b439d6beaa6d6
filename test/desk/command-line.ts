import { jest } from '@jest/globals'
import { run } from '../../src/cli/run.ts'
import { peopleFor } from '../../src/people.ts'
import { createLog } from '../../src/platform/log.ts'
import type { Desk } from './desk.ts'

export type Said = { code: number; lines: string[]; json: unknown }

/** What an operator's command line answers, on the ground of a story: its exit code, and all that it printed. */
export async function commandLine({ app, slack_address }: Desk, ...words: string[]): Promise<Said> {
  const lines: string[] = []
  const keep = (line: string) => void lines.push(line)
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(keep),
    jest.spyOn(console, 'error').mockImplementation(keep),
  ]
  try {
    const code = await run(
      words,
      (work) => work({ ...app.ground, people: peopleFor(slack_address, app.ground, createLog('silent')) }),
      async () => [],
    )
    return { code, lines, json: words.includes('--json') ? JSON.parse(lines.join('')) : null }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
