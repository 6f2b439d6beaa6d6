import { z } from 'zod'
import { measuresBy, type By, type Measure } from '../metrics/index.ts'
import { time } from './approval-schema.ts'

const window = z.strictObject({ from: time, to: time })

function valueOf({ title, unit }: Measure) {
  switch (unit) {
    case 'count':
      return z.number().min(0).nullable().describe(title)
    case 'share':
      return z.number().min(0).max(1).nullable().describe(title)
    case 'ms':
      return z.number().min(0).nullable().describe(`${title}, in milliseconds`)
    case 'money':
      return z.record(z.string(), z.string()).nullable().describe(`${title}: currency → decimal number`)
  }
}

function figuresBy(by: By | null) {
  return z.strictObject(Object.fromEntries(measuresBy(by).map((measure) => [measure.name, valueOf(measure)])))
}

const figures = figuresBy(null)
const ofGroup = z.union([figuresBy('role'), figuresBy('tool')])

/** An agent's own figures; docs/metrics.md has what each of them is. */
export const metricsSchema = z.strictObject({
  window,
  before: window.describe('As long, right before it'),
  as_of: time.nullable().describe('Everything that was recorded until then is in'),
  agent: z.string(),
  by: z.enum(['role', 'tool']).nullable(),
  figures,
  figures_before: figures.describe('Those of the window before'),
  groups: z.array(z.strictObject({ key: z.string(), figures: ofGroup, before: ofGroup })),
  left_off: z.int().min(0).describe('How many groups there are beyond the first hundred'),
})
