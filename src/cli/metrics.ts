import { readAsked, reportCsv, reportLines } from '../metrics/index.ts'
import { refused, type Command } from './command.ts'

export const metrics: Command = {
  usage: 'metrics [WINDOW] [by role|agent|tool] [--agent NAME] [--csv]',
  about:
    'what oversight did and cost in the last 7d, or as long as you say, with the change to the time before',
  options: ['agent'],
  flags: ['csv'],
  words: { least: 0, most: 3 },
  async run({ admin, metrics }, { words, values }) {
    const asked = readAsked(words)
    if ('wrong' in asked) return refused(`${asked.wrong}.`)
    const agent = typeof values['agent'] === 'string' ? values['agent'] : null
    const known = await admin.agents()
    if (agent !== null && !known.some(({ name }) => name === agent))
      return refused(`There is no agent called ${agent}.`)
    if (agent !== null && asked.by === 'agent') return refused('By agent, or of one agent: not both.')
    const report = await metrics.report({ ...asked, agent })
    return { ok: true, lines: values['csv'] === true ? reportCsv(report) : reportLines(report), json: report }
  },
}

export const metricsRebuild: Command = {
  usage: 'metrics rebuild',
  about: 'counts the whole audit log anew, beside the figures that are read meanwhile',
  options: [],
  words: { least: 0, most: 0 },
  async run({ metrics }) {
    const events = await metrics.folding.rebuild()
    if (events === null) return refused('Another rebuild was begun in the meantime: its figures will count.')
    return { ok: true, lines: [`${events.toLocaleString('en')} events were counted anew.`], json: { events } }
  },
}
