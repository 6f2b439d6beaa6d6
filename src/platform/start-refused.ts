/** The program cannot start, for reasons that the operator can mend: a line each, naming what is at fault. */
export class StartRefused extends Error {
  override name = 'StartRefused'
  readonly faults: string[]

  constructor(faults: string | string[], options?: ErrorOptions) {
    const lines = typeof faults === 'string' ? [faults] : faults
    super(lines.join('\n'), options)
    this.faults = lines
  }
}
